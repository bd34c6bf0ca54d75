import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { CannotStartError, type MachineExit, type Machine, type OnOutputLine } from '../compute.ts';
import { readContainerExit, explainStart, type ContainerCreation } from './containerExit.ts';
import { followOutput, type ContainerOutput } from './containerOutput.ts';
import { explainSockets, portWhenOpen, readSockets } from './containerPort.ts';
import { engineMessage, isMissing } from './engine.ts';
import { execCommand } from './execCommand.ts';
import { openContainerTerminal } from './containerTerminal.ts';

/** A machine in a container. */
export interface ContainerMachine extends Machine {
  /** Resolves when the container is removed; false where the engine did not do it. */
  readonly removed: Promise<boolean>;
}

/** How long an agent may take to end by itself, in seconds of real time. */
const GRACE_SECONDS = 5;

/** How long a stop may take before the engine is given up. */
const STOP_SECONDS = 30;

/** Starts a container that has been created, and looks after it until it is removed. */
export async function runContainer(
  container: Docker.Container,
  contractPort: number,
  making: ContainerCreation,
  onLine: OnOutputLine,
): Promise<ContainerMachine> {
  const output = followOutput(making.engine.docker, container, onLine);
  try {
    // Before the start, so that not a line is missed.
    await output.attach();
    await container.start();
  } catch (error) {
    await remove(container);
    throw new CannotStartError(explainStart(engineMessage(error), making));
  }
  let ended = false;
  let paused = false;
  let isGivenUp = false;
  const givenUp = Promise.withResolvers<MachineExit>();
  const exited = Promise.race([givenUp.promise, untilExit(container, making, output)]);
  const removed = exited.then(() => {
    ended = true;
    return remove(container);
  });

  async function resume(): Promise<void> {
    paused = false;
    await container.unpause();
  }

  return {
    identity: { kind: 'container', containerId: container.id },
    listening: portWhenOpen(container, contractPort, () => ended).catch(
      () => new Promise<number>(() => {}),
    ),
    listensElsewhere: () =>
      readSockets(container).then(
        (tables) => explainSockets(tables, contractPort),
        () => null,
      ),
    exited,
    removed,
    run: (command) => execCommand(container, exited, command),
    openTerminal: () => openContainerTerminal(container, exited),
    async pause() {
      paused = true;
      await container.pause();
    },
    resume,
    async stop() {
      // What is paused hears of nothing. Where it cannot be resumed, the stop itself says why.
      if (paused) await resume().catch(() => {});
      const abortSignal = AbortSignal.timeout(STOP_SECONDS * 1000);
      await container.stop({ t: GRACE_SECONDS, abortSignal }).catch((error: unknown) => {
        const { statusCode } = error as { statusCode?: number };
        // It may have ended by itself or been removed, which is known without the engine's help.
        if (statusCode === 304 || statusCode === 404) return;
        isGivenUp = true;
        givenUp.resolve({ code: null, signal: null, why: engineMessage(error) });
      });
      const exit = await exited;
      // What an engine that was given up still holds is removed when it answers again.
      if (!isGivenUp) await removed;
      return exit;
    },
  };
}

// The end of its output is the end of a container, or of the connection to its engine. The engine's
// own wait does not do: its answer begins at once, and when the engine dies nothing more comes.
async function untilExit(
  container: Docker.Container,
  making: ContainerCreation,
  output: ContainerOutput,
): Promise<MachineExit> {
  for (let pause = 5; ; pause = Math.min(pause * 2, 1_000)) {
    await output.ended();
    try {
      const { State } = await container.inspect();
      if (!State.Running) return readContainerExit(State, making, output.hasSaid);
      await sleep(pause);
      // Where this fails, the next look at the container says why.
      await output.attach().catch(() => {});
    } catch (error) {
      const why = isMissing(error)
        ? 'its container was removed'
        : `the container engine went away: ${engineMessage(error)}`;
      return { code: null, signal: null, why };
    }
  }
}

/** Removes a container with its volumes; whether it is gone. */
async function remove(container: Docker.Container): Promise<boolean> {
  try {
    await container.remove({ force: true, v: true });
    return true;
  } catch (error) {
    return isMissing(error);
  }
}
