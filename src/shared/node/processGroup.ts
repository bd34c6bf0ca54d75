import { spawn, type ChildProcess } from 'node:child_process';
import { platform } from 'node:process';

/** Options of `spawn` for a process that can be ended with everything that it starts. */
export const ownGroup = platform === 'win32' ? {} : { detached: true };

/** Suspends a process group. On Windows, which cannot, it keeps running. */
export function pauseGroup(leader: ChildProcess): void {
  if (platform !== 'win32') send(leader, 'SIGSTOP');
}

/** Resumes a process group. */
export function resumeGroup(leader: ChildProcess): void {
  if (platform !== 'win32') send(leader, 'SIGCONT');
}

/** True while any process of a group runs. Always false on Windows, where groups are not visible. */
export function groupLives({ pid }: ChildProcess): boolean {
  if (platform === 'win32' || pid === undefined) return false;
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

/** Sends a signal to a whole process group, which may have ended already. */
export function signalGroup(leader: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (platform !== 'win32') return send(leader, signal);
  const { pid } = leader;
  if (pid === undefined) return;
  spawn('taskkill', ['/pid', String(pid), '/t', ...(signal === 'SIGKILL' ? ['/f'] : [])]);
}

function send({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
