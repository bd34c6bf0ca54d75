import { spawn, type ChildProcess } from 'node:child_process';
import { platform } from 'node:process';

/** How a process must be started so that it can be ended with everything that it starts. */
export const ownGroup = platform === 'win32' ? {} : { detached: true };

/** Asks a whole process group to end, or ends it. A group that is gone already is fine. */
export function signalGroup(leader: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (leader.pid === undefined) return;
  if (platform === 'win32') {
    spawn('taskkill', ['/pid', String(leader.pid), '/t', ...(signal === 'SIGKILL' ? ['/f'] : [])]);
    return;
  }
  try {
    process.kill(-leader.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
