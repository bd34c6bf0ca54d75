import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { createCommandOutput } from '../commandOutput.ts';
import type { CommandExit, RunningCommand } from '../compute.ts';
import type { OutputPipes } from './pipes.ts';
import { signalGroup } from '../../../src/shared/node/processGroup.ts';

/** Follows a command whose shell has just been started. */
export function followCommand(
  child: ChildProcess,
  pipes: Pick<OutputPipes, 'stdout' | 'stderr'>,
  hasMachineEnded: () => boolean,
): RunningCommand {
  const names = ['stdout', 'stderr'] as const;
  const output = createCommandOutput({
    pause: () => names.forEach((name) => pipes[name].pause()),
    resume: () => names.forEach((name) => pipes[name].resume()),
  });
  for (const name of names) {
    pipes[name].on('data', (bytes: Buffer) => output.add(name, bytes));
  }
  const drained = Promise.all(names.map((name) => once(pipes[name], 'close')));
  const exited = new Promise<CommandExit>((resolve) => {
    child.once('exit', (code, signal) => {
      output.finish();
      void drained.then(output.end);
      resolve(
        hasMachineEnded()
          ? { withMachine: true }
          : { withMachine: false, code: shellExitCode(code, signal) },
      );
    });
  });
  return {
    output: output.chunks,
    exited,
    discard: output.end,
    kill: () => signalGroup(child, 'SIGKILL'),
  };
}

/** Returns an exit as shells report it: 128 plus the number of a signal. */
export function shellExitCode(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + constants.signals[signal!];
}
