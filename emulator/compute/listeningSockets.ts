import { readdir, readFile, readlink } from 'node:fs/promises';

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

/** The sockets of this machine that listen; none where there is no Linux to tell of them. */
export async function readListeningSockets(): Promise<ListeningSocket[]> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  return listeningSockets(tables.join('\n'));
}

/** The processes of this machine; none where there is no Linux to tell of them. */
export async function readProcesses(): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** The inodes of the sockets that a process has open, as far as we may know. */
export async function openSockets(pid: number): Promise<Set<string>> {
  const folder = `/proc/${pid}/fd`;
  const descriptors = await readdir(folder).catch(() => []);
  const targets = await Promise.all(
    descriptors.map((descriptor) => readlink(`${folder}/${descriptor}`).catch(() => '')),
  );
  return new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
}

/** What is wrong with listening on these ports; null where it is on none. */
export function explainOtherPorts(ports: readonly number[], contractPort: number): string | null {
  if (ports.length === 0) return null;
  return `It listens on port ${[...new Set(ports)].join(' and ')} instead; AgentCore calls ${contractPort}.`;
}
