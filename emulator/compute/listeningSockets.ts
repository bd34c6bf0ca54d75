import { readdir, readFile, readlink } from 'node:fs/promises';

/** A listening TCP socket, as reported by Linux. */
export interface ListeningSocket {
  readonly port: number;
  /** True if only this machine can reach it. */
  readonly loopback: boolean;
  readonly inode: string;
}

const LISTENING = '0A';
const LOOPBACK = /^(?:[0-9A-F]{6}7F|0{24}01000000|0{16}FFFF0000[0-9A-F]{6}7F)$/;

/** Docker's DNS server, which listens in every container of a network. */
const NAME_SERVER = '0B00007F';

/** Parses the listening sockets from the text of /proc/net/tcp and /proc/net/tcp6. */
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

/** Reads this machine's listening sockets; empty on systems other than Linux. */
export async function readListeningSockets(): Promise<ListeningSocket[]> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  return listeningSockets(tables.join('\n'));
}

/** Reads this machine's process IDs; empty on systems other than Linux. */
export async function readProcesses(): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Reads the inodes of a process's open sockets, as far as permissions allow. */
export async function openSockets(pid: number): Promise<Set<string>> {
  const folder = `/proc/${pid}/fd`;
  const descriptors = await readdir(folder).catch(() => []);
  const targets = await Promise.all(
    descriptors.map((descriptor) => readlink(`${folder}/${descriptor}`).catch(() => '')),
  );
  return new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
}

/** Explains that the agent listens on the wrong ports; null if there are none. */
export function explainOtherPorts(ports: readonly number[], contractPort: number): string | null {
  if (ports.length === 0) return null;
  return `It listens on port ${[...new Set(ports)].join(' and ')} instead; AgentCore calls ${contractPort}.`;
}
