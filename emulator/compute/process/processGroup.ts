import { spawn, type ChildProcess } from 'node:child_process';
import { platform } from 'node:process';

/** How a process must be started so that it can be ended with everything that it starts. */
export const ownGroup = platform === 'win32' ? {} : { detached: true };

/** Halts a whole process group where it is; on Windows, which cannot, it runs on. */
export function pauseGroup(leader: ChildProcess): void {
  if (platform !== 'win32') send(leader, 'SIGSTOP');
}

/** Lets it go on. */
export function resumeGroup(leader: ChildProcess): void {
  if (platform !== 'win32') send(leader, 'SIGCONT');
}

/** Whether any process of a group still lives; on Windows, where groups are not to be seen, none does. */
export function groupLives({ pid }: ChildProcess): boolean {
  if (platform === 'win32' || pid === undefined) return false;
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

/** Asks a whole process group to end, or ends it. A group that is gone already is fine. */
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
