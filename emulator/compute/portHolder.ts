import { readFile } from 'node:fs/promises';
import { openSockets, readListeningSockets, readProcesses } from './listeningSockets.ts';

/** Describes the process that listens on a port of this machine, as far as it can be determined. */
export async function findPortHolder(host: string, port: number): Promise<string> {
  return (await findEmulator(host, port)) ?? (await findProcess(port)) ?? 'another process';
}

async function findEmulator(host: string, port: number): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(3_000);
    const response = await fetch(`http://${host}:${port}/_emulator/health`, { signal });
    const { pid, status } = (await response.json()) as { pid?: unknown; status?: unknown };
    return status === 'ready' ? `another AgentCore emulator (pid ${String(pid)})` : null;
  } catch {
    return null;
  }
}

// On Linux, /proc has the socket of the port and the process that has the socket open.
async function findProcess(port: number): Promise<string | null> {
  const sockets = (await readListeningSockets()).filter((socket) => socket.port === port);
  if (sockets.length === 0) return null;
  for (const pid of await readProcesses()) {
    const open = await openSockets(pid);
    if (!sockets.some(({ inode }) => open.has(inode))) continue;
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a process');
    return `${name.trim()} (pid ${pid})`;
  }
  return null;
}
