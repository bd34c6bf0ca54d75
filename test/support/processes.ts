import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/** True while a process runs. A zombie counts as ended. */
export function isAlive(pid: unknown): boolean {
  try {
    process.kill(pid as number, 0);
  } catch {
    return false;
  }
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'));
  } catch {
    // Other systems than Linux reap orphans at once.
    return true;
  }
}

/** Counts a process's open files by kind. Linux only. */
export function countOpenFiles(pid: number): Record<string, number> {
  const folder = `/proc/${pid}/fd`;
  const kinds: Record<string, number> = {};
  for (const number of readdirSync(folder)) {
    // A file may be closed in the meantime.
    const kind = readLink(`${folder}/${number}`)?.replace(/:\[\d+\]$/, '');
    if (kind !== undefined) kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  return kinds;
}

/** Lists the command lines of a process's running child processes. Linux only. */
export function listChildren(pid: number): string[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const pids = list.split(' ').filter(Boolean);
  return pids.map((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').replaceAll('\0', ' '));
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Reads the command lines of all processes. Linux only. */
export async function listCommandLines(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  // A process may have ended in the meantime.
  const read = (pid: string) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return (await Promise.all(pids.map(read))).map((line) => line.replaceAll('\0', ' '));
}
