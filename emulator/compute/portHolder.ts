import { readFile } from 'node:fs/promises';
import { TOKEN_REQUIRED } from '../http/admission.ts';
import { openSockets, readListeningSockets, readProcesses } from './listeningSockets.ts';

/** Describes the process that listens on a port of this machine, as far as it can be determined. */
export async function findPortHolder(host: string, port: number): Promise<string> {
  const [emulator, holder] = await Promise.all([findEmulator(host, port), findProcess(port)]);
  switch (emulator?.kind) {
    case 'open':
      return `another AgentCore emulator (pid ${emulator.pid})`;
    case 'closed':
      return `another AgentCore emulator, which requires a token${holder ? ` (pid ${holder.pid})` : ''}`;
    case undefined:
      return holder ? `${holder.name} (pid ${holder.pid})` : 'another process';
  }
}

/** An emulator says who it is, unless it requires a token that this program does not have. */
type FoundEmulator = { readonly kind: 'open'; readonly pid: string } | { readonly kind: 'closed' };

async function findEmulator(host: string, port: number): Promise<FoundEmulator | null> {
  try {
    const signal = AbortSignal.timeout(3_000);
    const response = await fetch(`http://${toUrlHost(host)}:${port}/_emulator/health`, { signal });
    const { pid, status, message } = (await response.json()) as Record<string, unknown>;
    if (response.status === 403 && String(message).includes(TOKEN_REQUIRED)) {
      return { kind: 'closed' };
    }
    return status === 'ready' ? { kind: 'open', pid: String(pid) } : null;
  } catch {
    return null;
  }
}

/** The host of a URL for an address to listen on. An emulator accepts no wildcard as its Host. */
function toUrlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

// On Linux, /proc has the socket of the port and the process that has the socket open.
async function findProcess(
  port: number,
): Promise<{ readonly name: string; readonly pid: number } | null> {
  const sockets = (await readListeningSockets()).filter((socket) => socket.port === port);
  if (sockets.length === 0) return null;
  for (const pid of await readProcesses()) {
    const open = await openSockets(pid);
    if (!sockets.some(({ inode }) => open.has(inode))) continue;
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a process');
    return { name: name.trim(), pid };
  }
  return null;
}
