import { execFile, type ChildProcessWithoutNullStreams } from 'node:child_process';
import {
  CannotStartError,
  type CommandExit,
  type Terminal,
  type TerminalSize,
} from '../compute.ts';
import { HANG_UP_MILLISECONDS, readFirstLine } from '../shell.ts';
import { shellExitCode } from './runningCommand.ts';
import { signalGroup } from '../../../src/shared/node/processGroup.ts';

/** Sets the size of a terminal. The system notifies the programs in it. */
const RESIZE = 'stty rows "$1" cols "$2" < "$3"';

/** Time limit for setting the size. */
const RESIZE_MILLISECONDS = 5_000;

/** Maximum length of a quoted error of a shell that does not start. */
const QUOTED_CHARACTERS = 500;

/** Opens the shell in a pseudoterminal whose host process has just been started. */
export async function openProcessTerminal(
  host: ChildProcessWithoutNullStreams,
  hasMachineEnded: () => boolean,
): Promise<Terminal> {
  let stderr = '';
  host.stderr.on('data', (bytes: Buffer) => {
    stderr = (stderr + bytes.toString('utf8')).slice(-QUOTED_CHARACTERS);
  });
  // Ignores writes to a shell that has just ended.
  host.stdin.on('error', () => {});
  const exited = new Promise<CommandExit>((resolve) => {
    host.once('exit', (code, signal) => {
      resolve(
        hasMachineEnded()
          ? { withMachine: true }
          : { withMachine: false, code: shellExitCode(code, signal) },
      );
    });
  });
  const [shell, device] = (await readFirstLine(host.stdout))?.split(' ') ?? [];
  if (!device?.startsWith('/')) {
    signalGroup(host, 'SIGKILL');
    throw new CannotStartError(`the terminal could not be opened: ${stderr.trim()}`);
  }
  let resized: Promise<void> = Promise.resolve();

  return {
    output: host.stdout,
    input: host.stdin,
    resize({ rows, columns }: TerminalSize) {
      const args = ['-c', RESIZE, 'sh', String(rows), String(columns), device];
      // In sequence, so that the last size wins.
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
        signalGroup(host, 'SIGKILL');
      }, HANG_UP_MILLISECONDS);
      void exited.then(() => clearTimeout(kill));
    },
  };
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has already ended.
  }
}
