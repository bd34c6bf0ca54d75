import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { CommandExit } from '../compute.ts';

/** Interval between checks for an exit that the output does not show. */
const POLL_MILLISECONDS = 1_000;
const POLL_AGAIN_MILLISECONDS = 10;

/** The container's end may become known this much later than its process's end. */
const CONTAINER_END_MILLISECONDS = 1_000;

/** The exit code for SIGKILL, which also results from the container's end. */
const KILLED = 137;

// Falls back to the process if it does not lead a group.
const SIGNAL = 'kill -s "$1" -- "-$2" 2>/dev/null || kill -s "$1" "$2"';

/**
 * Resolves with the exit of a process in a container. Background processes can hold the engine's
 * stream open, so its end only triggers an immediate check.
 */
export async function readExecExit(
  exec: Docker.Exec,
  streamEnd: Promise<void>,
  machineEnd: Promise<unknown>,
): Promise<CommandExit> {
  const code = await untilExit(exec, streamEnd).catch(() => null);
  if (code === null) return { withMachine: true };
  const isOver = machineEnd.then(() => true);
  const withMachine = await Promise.race([
    isOver,
    code === KILLED && sleep(CONTAINER_END_MILLISECONDS, false),
  ]);
  return withMachine ? { withMachine } : { withMachine, code };
}

async function untilExit(exec: Docker.Exec, streamEnd: Promise<void>): Promise<number | null> {
  for (;;) {
    const hasEnded = await Promise.race([
      streamEnd.then(() => true),
      sleep(POLL_MILLISECONDS, false, { ref: false }),
    ]);
    const { Running, ExitCode } = await exec.inspect();
    if (!Running) return ExitCode;
    if (hasEnded) await sleep(POLL_AGAIN_MILLISECONDS);
  }
}

/** Sends a signal through a shell in the container, because the engine's API cannot. */
export async function signalProcess(
  container: Docker.Container,
  signal: 'HUP' | 'KILL',
  pid: string,
): Promise<void> {
  try {
    const exec = await container.exec({ Cmd: ['/bin/sh', '-c', SIGNAL, 'sh', signal, pid] });
    (await exec.start({})).resume();
  } catch {
    // The container has ended with all its processes.
  }
}

/** Explains a shell's failed start with the engine's message. */
export function explainExec(message: string): string {
  return /no such file|not found/i.test(message)
    ? 'commands need a shell, and this image has no /bin/sh. Use a base image with a shell, such as a slim one'
    : `the container engine did not start its shell: ${message}`;
}
