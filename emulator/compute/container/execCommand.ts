import type Docker from 'dockerode';
import { createCommandOutput } from '../commandOutput.ts';
import { CannotStartError, type RunningCommand } from '../compute.ts';
import { RUN_COMMAND } from '../shell.ts';
import { engineMessage } from './engine.ts';
import { createFrameReader } from './execFrames.ts';
import { readExecExit, explainExec, signalProcess } from './execs.ts';

// Prints the process ID within the container before any output of the command.
const PRINT_PID_AND_RUN = `echo $$ >&2${RUN_COMMAND}`;

/** Runs a command in a container. `machineEnd` settles when the container ends. */
export async function execCommand(
  container: Docker.Container,
  machineEnd: Promise<unknown>,
  command: string,
): Promise<RunningCommand> {
  const pid = Promise.withResolvers<string>();
  const ended = Promise.withResolvers<void>();
  const { exec, stream } = await start(container, command).catch((error: unknown) => {
    throw new CannotStartError(explainExec(engineMessage(error)));
  });
  const output = createCommandOutput({
    pause: () => stream.pause(),
    resume: () => stream.resume(),
  });
  const reader = createFrameReader({ onFirstLine: pid.resolve, onOutput: output.add });
  stream.on('data', reader.add);
  for (const event of ['end', 'close', 'error']) stream.once(event, () => ended.resolve());

  const exited = readExecExit(exec, ended.promise, machineEnd);
  void exited.then(() => {
    output.finish();
    void ended.promise.then(output.end);
  });
  const started = await Promise.race([pid.promise, exited]);
  if (typeof started !== 'string' && !started.withMachine) {
    throw new CannotStartError(explainExec(reader.unparsed()));
  }
  return {
    output: output.chunks,
    exited,
    discard: output.end,
    kill: () => void pid.promise.then((number) => signalProcess(container, 'KILL', number)),
  };
}

async function start(container: Docker.Container, command: string) {
  const exec = await container.exec({
    Cmd: ['/bin/sh', '-c', PRINT_PID_AND_RUN, 'sh', command],
    AttachStdout: true,
    AttachStderr: true,
  });
  return { exec, stream: await exec.start({}) };
}
