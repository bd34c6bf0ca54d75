import { readFile } from 'node:fs/promises';
import {
  explainOtherPorts,
  openSockets,
  readListeningSockets,
  readProcesses,
} from '../listeningSockets.ts';

/** Finds the ports that a process group listens on instead; null if they cannot be determined. */
export async function findOtherPorts(group: number, contractPort: number): Promise<string | null> {
  const [sockets, members] = await Promise.all([readListeningSockets(), findMembers(group)]);
  const open = await Promise.all(members.map(openSockets));
  const own = sockets.filter(({ inode }) => open.some((inodes) => inodes.has(inode)));
  return explainPorts(
    own.map(({ port }) => port),
    contractPort,
  );
}

/** Explains why an agent cannot be reached, from the ports that it listens on. */
export function explainPorts(ports: readonly number[], contractPort: number): string | null {
  if (!ports.includes(contractPort)) return explainOtherPorts(ports, contractPort);
  return `It listens on port ${contractPort} of this machine, which only one session can use. Only Node and Python programs get a port per session. Run it in a container.`;
}

async function findMembers(group: number): Promise<number[]> {
  const pids = await readProcesses();
  const groups = await Promise.all(pids.map(readGroup));
  return pids.filter((_, index) => groups[index] === group);
}

async function readGroup(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The fields after the name, which may contain any character: state, parent, group.
  const [, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(group);
}
