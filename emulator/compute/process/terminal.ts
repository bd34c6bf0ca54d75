import { execFile, type ChildProcessWithoutNullStreams } from 'node:child_process';
import {
  CannotStartError,
  type CommandExit,
  type Terminal,
  type TerminalSize,
} from '../compute.ts';
import { HANG_UP_MILLISECONDS, takeFirstLine } from '../shell.ts';
import { shellExitCode } from './runningCommand.ts';
import { signalGroup } from '../../../src/shared/node/processGroup.ts';

/** By its terminal a new size is told: the system tells all that run in it. */
const RESIZE = 'stty rows "$1" cols "$2" < "$3"';

/** How long that may take. */
const RESIZE_MILLISECONDS = 5_000;

/** How much is quoted of what a shell says that does not start. */
const QUOTED_CHARACTERS = 500;

/** The shell in a pseudoterminal whose keeper has just been started. */
export async function openProcessTerminal(
  keeper: ChildProcessWithoutNullStreams,
  isOver: () => boolean,
): Promise<Terminal> {
  let complaint = '';
  keeper.stderr.on('data', (bytes: Buffer) => {
    complaint = (complaint + bytes.toString('utf8')).slice(-QUOTED_CHARACTERS);
  });
  // Who writes to a shell that has just ended learns it by its exit.
  keeper.stdin.on('error', () => {});
  const exited = new Promise<CommandExit>((resolve) => {
    keeper.once('exit', (code, signal) => {
      resolve(
        isOver()
          ? { withMachine: true }
          : { withMachine: false, code: shellExitCode(code, signal) },
      );
    });
  });
  const [shell, place] = (await takeFirstLine(keeper.stdout))?.split(' ') ?? [];
  if (!place?.startsWith('/')) {
    signalGroup(keeper, 'SIGKILL');
    throw new CannotStartError(`its terminal could not be opened: ${complaint.trim()}`);
  }
  let resized: Promise<void> = Promise.resolve();

  return {
    output: keeper.stdout,
    input: keeper.stdin,
    resize({ rows, columns }: TerminalSize) {
      const args = ['-c', RESIZE, 'sh', String(rows), String(columns), place];
      // One after the other, or the last would not be what it is in the end.
      resized = resized.then(
        () =>
          new Promise((resolve) =>
            execFile('/bin/sh', args, { timeout: RESIZE_MILLISECONDS }, () => resolve()),
          ),
      );
      return resized;
    },
    exited,
    hangUp() {
      end(Number(shell), 'SIGHUP');
      const kill = setTimeout(() => {
        end(-Number(shell), 'SIGKILL');
        signalGroup(keeper, 'SIGKILL');
      }, HANG_UP_MILLISECONDS);
      void exited.then(() => clearTimeout(kill));
    },
  };
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
