import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { createCommandOutput } from '../commandOutput.ts';
import { CannotStart, type CommandExit, type RunningCommand } from '../compute.ts';
import { RUN_COMMAND } from '../shell.ts';
import { engineWords } from './engine.ts';
import { createFrameReader } from './execFrames.ts';

// An engine can start a process in a container and cannot end it. So it says first, before anything
// of the command's own, by which number its container knows it; a shell in the container ends it then.
const SAY_PID = `echo $$ >&2${RUN_COMMAND}`;
const END_GROUP = 'kill -s KILL -- "-$1" 2>/dev/null || kill -s KILL "$1"';

/** How often an engine is asked for an end that the output does not show. */
const LOOK_MILLISECONDS = 1_000;

/** How much later than a process in it the end of a container may be known. */
const LATE_MILLISECONDS = 1_000;

/** What bash makes of SIGKILL, as which a process in a container sees its container's end. */
const KILLED = 137;

/** Runs a command in a container whose end `machineEnd` tells. */
export async function execCommand(
  container: Docker.Container,
  machineEnd: Promise<unknown>,
  command: string,
): Promise<RunningCommand> {
  const pid = Promise.withResolvers<string>();
  const ended = Promise.withResolvers<void>();
  const { exec, stream } = await start(container, command).catch((error: unknown) => {
    throw new CannotStart(explain(engineWords(error)));
  });
  const output = createCommandOutput({
    pause: () => stream.pause(),
    resume: () => stream.resume(),
  });
  const reader = createFrameReader({ onFirstLine: pid.resolve, onOutput: output.add });
  stream.on('data', reader.add);
  for (const event of ['end', 'close', 'error']) stream.once(event, () => ended.resolve());

  // What the command left running holds the engine's stream open, so the end of it says nothing.
  async function untilExit(): Promise<number | null> {
    for (;;) {
      const over = await Promise.race([
        ended.promise.then(() => true),
        sleep(LOOK_MILLISECONDS, false, { ref: false }),
      ]);
      const { Running, ExitCode } = await exec.inspect();
      if (!Running) return ExitCode;
      if (over) await sleep(LOOK_MILLISECONDS / 100);
    }
  }

  async function exit(): Promise<CommandExit> {
    const code = await untilExit().catch(() => null);
    output.finish();
    void ended.promise.then(output.end);
    const isOver = machineEnd.then(() => true);
    const withMachine =
      code === null ||
      (await Promise.race([isOver, code === KILLED && sleep(LATE_MILLISECONDS, false)]));
    return withMachine ? { withMachine } : { withMachine: false, code };
  }

  const exited = exit();
  const begun = await Promise.race([pid.promise, exited]);
  if (typeof begun !== 'string' && !begun.withMachine) {
    throw new CannotStart(explain(reader.unread()));
  }
  return {
    output: output.chunks,
    exited,
    discard: output.end,
    kill: () => void pid.promise.then((number) => endGroup(container, number)),
  };
}

async function start(container: Docker.Container, command: string) {
  const exec = await container.exec({
    Cmd: ['/bin/sh', '-c', SAY_PID, 'sh', command],
    AttachStdout: true,
    AttachStderr: true,
  });
  return { exec, stream: await exec.start({}) };
}

async function endGroup(container: Docker.Container, pid: string): Promise<void> {
  try {
    const exec = await container.exec({ Cmd: ['/bin/sh', '-c', END_GROUP, 'sh', pid] });
    (await exec.start({})).resume();
  } catch {
    // The container has ended, and so has all that was in it.
  }
}

function explain(words: string): string {
  return /no such file|not found/i.test(words)
    ? 'commands need a shell, and this image has no /bin/sh: take one with a shell as base, such as the slim ones'
    : `the container engine did not start its shell: ${words}`;
}
