import { readdir, readFile, readlink } from 'node:fs/promises';
import { listeningSockets } from './listeningSockets.ts';

/** Who listens on a port of this machine, as well as can be found out. */
export async function whoHolds(host: string, port: number): Promise<string> {
  return (await askEmulator(host, port)) ?? (await askLinux(port)) ?? 'another process';
}

async function askEmulator(host: string, port: number): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(3_000);
    const response = await fetch(`http://${host}:${port}/_emulator/health`, { signal });
    const { pid, status } = (await response.json()) as { pid?: unknown; status?: unknown };
    return status === 'ready' ? `another AgentCore emulator (pid ${String(pid)})` : null;
  } catch {
    return null;
  }
}

// Linux tells in /proc: the socket of the port, and the process that has that socket open.
async function askLinux(port: number): Promise<string | null> {
  try {
    const tables = await Promise.all(
      ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
    );
    const sockets = new Set(
      listeningSockets(tables.join('\n'))
        .filter((socket) => socket.port === port)
        .map(({ inode }) => `socket:[${inode}]`),
    );
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
      for (const descriptor of descriptors) {
        const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
        if (!sockets.has(target)) continue;
        return `${(await readFile(`/proc/${pid}/comm`, 'utf8')).trim()} (pid ${pid})`;
      }
    }
  } catch {
    // Not Linux, or /proc is closed to us.
  }
  return null;
}
