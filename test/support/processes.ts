import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/** Whether a process still runs; one that ended and waits to be reaped does not. */
export function isAlive(pid: unknown): boolean {
  try {
    process.kill(pid as number, 0);
  } catch {
    return false;
  }
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'));
  } catch {
    // Elsewhere than on Linux an orphan is reaped at once.
    return true;
  }
}

/** What files a process has open, each kind with its number; Linux alone tells it. */
export function countOpenFiles(pid: number): Record<string, number> {
  const folder = `/proc/${pid}/fd`;
  const kinds: Record<string, number> = {};
  for (const number of readdirSync(folder)) {
    // A file may be closed while we look.
    const kind = readLink(`${folder}/${number}`)?.replace(/:\[\d+\]$/, '');
    if (kind !== undefined) kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  return kinds;
}

/** The processes that a process has started and that have not ended; Linux alone tells it. */
export function listChildren(pid: number): string[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return list.split(' ').filter(Boolean);
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** The command lines of all processes; on Linux, which tells them in /proc. */
export async function commandLines(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  // One may have ended meanwhile.
  const read = (pid: string) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return (await Promise.all(pids.map(read))).map((line) => line.replaceAll('\0', ' '));
}
