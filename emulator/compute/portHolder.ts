import { readdir, readFile, readlink } from 'node:fs/promises';

/** Who listens on a port of this machine, as well as can be found out. */
export async function whoHolds(host: string, port: number): Promise<string> {
  return (await askEmulator(host, port)) ?? (await askLinux(port)) ?? 'another process';
}

async function askEmulator(host: string, port: number): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(1_000);
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
    const listening = '0A';
    const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
    const tables = await Promise.all(
      ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
    );
    const sockets = new Set(
      tables
        .flatMap((table) => table.split('\n').map((row) => row.trim().split(/\s+/)))
        .filter((row) => row[1]?.endsWith(`:${hexPort}`) && row[3] === listening)
        .map((row) => `socket:[${row[9]}]`),
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
