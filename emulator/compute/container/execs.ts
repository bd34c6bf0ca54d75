import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { CommandExit } from '../compute.ts';

/** How often an engine is asked for an end that the output does not show. */
const LOOK_MILLISECONDS = 1_000;
const LOOK_AGAIN_MILLISECONDS = 10;

/** How much later than a process in it the end of a container may be known. */
const LATE_MILLISECONDS = 1_000;

/** What bash makes of SIGKILL, as which a process in a container sees its container's end. */
const KILLED = 137;

// A process that is no leader of a group has none of that number.
const SIGNAL = 'kill -s "$1" -- "-$2" 2>/dev/null || kill -s "$1" "$2"';

/**
 * How a process ended that was started in a running container. What it left running holds the engine's
 * stream of it open, so the end of that only makes us look at once.
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
    code === KILLED && sleep(LATE_MILLISECONDS, false),
  ]);
  return withMachine ? { withMachine } : { withMachine, code };
}

async function untilExit(exec: Docker.Exec, streamEnd: Promise<void>): Promise<number | null> {
  for (;;) {
    const hasEnded = await Promise.race([
      streamEnd.then(() => true),
      sleep(LOOK_MILLISECONDS, false, { ref: false }),
    ]);
    const { Running, ExitCode } = await exec.inspect();
    if (!Running) return ExitCode;
    if (hasEnded) await sleep(LOOK_AGAIN_MILLISECONDS);
  }
}

/** An engine can start a process in a container and cannot end it: a shell in the container can. */
export async function signalProcess(
  container: Docker.Container,
  signal: 'HUP' | 'KILL',
  pid: string,
): Promise<void> {
  try {
    const exec = await container.exec({ Cmd: ['/bin/sh', '-c', SIGNAL, 'sh', signal, pid] });
    (await exec.start({})).resume();
  } catch {
    // The container has ended, and so has all that was in it.
  }
}

/** Why a shell did not start in a container, by what its engine said. */
export function explainExec(words: string): string {
  return /no such file|not found/i.test(words)
    ? 'commands need a shell, and this image has no /bin/sh: take one with a shell as base, such as the slim ones'
    : `the container engine did not start its shell: ${words}`;
}
