import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { CannotStartError, type MachineExit, type Machine, type OnOutputLine } from '../compute.ts';
import { readContainerExit, explainStart, type ContainerCreation } from './containerExit.ts';
import { followOutput, type ContainerOutput } from './containerOutput.ts';
import { explainSockets, findPublishedPort, portWhenOpen, readSockets } from './containerPort.ts';
import { engineMessage, isMissing } from './engine.ts';
import { execCommand } from './execCommand.ts';
import { openContainerTerminal } from './containerTerminal.ts';

/** A machine in a container. */
export interface ContainerMachine extends Machine {
  /** Resolves after the container's removal; false if it failed. */
  readonly removed: Promise<boolean>;
}

/** Time for an agent to end by itself, in real time. */
const GRACE_SECONDS = 5;

/** Time for the engine to stop a container. */
const STOP_SECONDS = 30;

/** Starts a created container and supervises it until its removal. */
export async function runContainer(
  container: Docker.Container,
  contractPort: number,
  creation: ContainerCreation,
  onLine: OnOutputLine,
): Promise<ContainerMachine> {
  const output = followOutput(creation.engine.docker, container, onLine);
  try {
    // Attach before the start, so that no line is missed.
    await output.attach();
    await container.start();
  } catch (error) {
    await remove(container);
    throw new CannotStartError(explainStart(engineMessage(error), creation));
  }
  let ended = false;
  let paused = false;
  let hasTimedOut = false;
  const stopFailed = Promise.withResolvers<MachineExit>();
  const exited = Promise.race([stopFailed.promise, untilExit(container, creation, output)]);
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
    findPort: (port) => findPublishedPort(container, port),
    listensElsewhere: () =>
      readSockets(container).then(
        (tables) => explainSockets(tables, contractPort),
        () => null,
      ),
    readLoadReport: async () => null,
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
      // A paused container gets no signals. If it cannot be resumed, the stop reports why.
      if (paused) await resume().catch(() => {});
      const abortSignal = AbortSignal.timeout(STOP_SECONDS * 1000);
      await container.stop({ t: GRACE_SECONDS, abortSignal }).catch((error: unknown) => {
        const { statusCode } = error as { statusCode?: number };
        // The container has already ended or was removed.
        if (statusCode === 304 || statusCode === 404) return;
        hasTimedOut = true;
        stopFailed.resolve({ code: null, signal: null, reason: engineMessage(error) });
      });
      const exit = await exited;
      // After a failed stop, the container is removed when the engine responds again.
      if (!hasTimedOut) await removed;
      return exit;
    },
  };
}

// The output ends with the container or with the connection to the engine. The engine's own wait call
// is not usable: its response begins immediately and never ends if the engine crashes.
async function untilExit(
  container: Docker.Container,
  creation: ContainerCreation,
  output: ContainerOutput,
): Promise<MachineExit> {
  for (let pause = 5; ; pause = Math.min(pause * 2, 1_000)) {
    await output.ended();
    try {
      const { State } = await container.inspect();
      if (!State.Running) return readContainerExit(State, creation, output.hasPrinted);
      await sleep(pause);
      // If this fails, the next inspection reports why.
      await output.attach().catch(() => {});
    } catch (error) {
      const reason = isMissing(error)
        ? 'its container was removed'
        : `the container engine is not available: ${engineMessage(error)}`;
      return { code: null, signal: null, reason };
    }
  }
}

/** Removes a container with its anonymous volumes. Returns true if it no longer exists. */
async function remove(container: Docker.Container): Promise<boolean> {
  try {
    await container.remove({ force: true, v: true });
    return true;
  } catch (error) {
    return isMissing(error);
  }
}
