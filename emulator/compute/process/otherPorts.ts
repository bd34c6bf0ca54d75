import { readFile } from 'node:fs/promises';
import {
  explainOtherPorts,
  openSockets,
  readListeningSockets,
  readProcesses,
} from '../listeningSockets.ts';

/** Where a group of processes listens while its agent is not found; null where that is not to be seen. */
export async function findOtherPorts(group: number, contractPort: number): Promise<string | null> {
  const [sockets, members] = await Promise.all([readListeningSockets(), membersOf(group)]);
  const open = await Promise.all(members.map(openSockets));
  const own = sockets.filter(({ inode }) => open.some((inodes) => inodes.has(inode)));
  return explainPorts(
    own.map(({ port }) => port),
    contractPort,
  );
}

/** Why nobody finds an agent, by the ports that it has really taken. */
export function explainPorts(ports: readonly number[], contractPort: number): string | null {
  if (!ports.includes(contractPort)) return explainOtherPorts(ports, contractPort);
  return `It has taken port ${contractPort} of this machine itself, which no two sessions can: only programs on Node and Python are given ports of their own. Run it in a container.`;
}

async function membersOf(group: number): Promise<number[]> {
  const pids = await readProcesses();
  const groups = await Promise.all(pids.map(groupOf));
  return pids.filter((_, index) => groups[index] === group);
}

async function groupOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // After the name, which may hold anything: state, parent, group.
  const [, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(group);
}
