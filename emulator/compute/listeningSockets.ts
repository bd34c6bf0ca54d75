/** A TCP socket that listens, as Linux tells of it. */
export interface ListeningSocket {
  readonly port: number;
  /** Whether only its own machine reaches it. */
  readonly loopback: boolean;
  readonly inode: string;
}

const LISTENING = '0A';
const LOOPBACK = /^(?:[0-9A-F]{6}7F|0{24}01000000|0{16}FFFF0000[0-9A-F]{6}7F)$/;

/** Docker's name server, which listens inside every container of a network. */
const NAME_SERVER = '0B00007F';

/** The sockets that listen, from the text of /proc/net/tcp and /proc/net/tcp6. */
export function listeningSockets(tables: string): ListeningSocket[] {
  return tables
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTENING && !local?.startsWith(NAME_SERVER))
    .map(([, local = '', , , , , , , , inode = '']) => {
      const [address = '', port = ''] = local.split(':');
      return { port: Number.parseInt(port, 16), loopback: LOOPBACK.test(address), inode };
    });
}
