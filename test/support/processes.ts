import { readFileSync } from 'node:fs';

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
