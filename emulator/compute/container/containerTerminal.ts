import type Docker from 'dockerode';
import { CannotStartError, type Terminal } from '../compute.ts';
import { HANG_UP_MILLISECONDS, OPEN_SHELL, readFirstLine, TERMINAL_KIND } from '../shell.ts';
import { engineMessage } from './engine.ts';
import { readExecExit, explainExec, signalProcess } from './execs.ts';

/** Opens an interactive shell in a container. `machineEnd` settles when the container ends. */
export async function openContainerTerminal(
  container: Docker.Container,
  machineEnd: Promise<unknown>,
): Promise<Terminal> {
  const { exec, stream } = await start(container).catch((error: unknown) => {
    throw new CannotStartError(explainExec(engineMessage(error)));
  });
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) stream.once(event, () => resolve());
  });
  const line = await readFirstLine(stream);
  const [pid = ''] = line?.split(' ') ?? [];
  if (!/^\d+$/.test(pid)) throw new CannotStartError(explainExec(line ?? 'it ended immediately'));
  const exited = readExecExit(exec, ended, machineEnd);

  return {
    output: stream,
    input: stream,
    async resize({ columns, rows }) {
      // Fails if the shell has just ended.
      await exec.resize({ w: columns, h: rows }).catch(() => {});
    },
    exited,
    hangUp() {
      void signalProcess(container, 'HUP', pid);
      const kill = setTimeout(
        () => void signalProcess(container, 'KILL', pid),
        HANG_UP_MILLISECONDS,
      );
      void exited.then(() => clearTimeout(kill));
    },
  };
}

async function start(container: Docker.Container) {
  const exec = await container.exec({
    Cmd: ['/bin/sh', '-c', OPEN_SHELL],
    Env: [`TERM=${TERMINAL_KIND}`],
    Tty: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  return { exec, stream: await exec.start({ hijack: true, stdin: true, Tty: true }) };
}
