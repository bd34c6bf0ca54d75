import { randomUUID } from 'node:crypto';
import type { Logger } from '../../log.ts';
import { CannotStartError, type Compute, type MachineSpec, type OnOutputLine } from '../compute.ts';
import type { ContainerOptions, ContainerSize } from './containerOptions.ts';
import { containerName, createContainer, CONTAINER_HOST_NAME } from './createContainer.ts';
import { createEngines, engineMessage, type Engine } from './engine.ts';
import type { FoundEngine } from './findEngine.ts';
import { createImages } from './image.ts';
import { dataFolderLabels, ownerLabels, currentOwner } from './ownership.ts';
import { runContainer, type ContainerMachine } from './machine.ts';
import { createOwnNetwork, type Network } from './network.ts';
import { removeOwned, removeAbandoned } from './cleanup.ts';
import { removeVolumes, withVolumes } from './volumes.ts';
import { createEmulatorReachability, type ContainerListener } from './emulatorReachability.ts';

/** Runs each machine as a container. */
export interface ContainerCompute extends Compute {
  /** True if neither the engine nor the registry has an image; false if that is unknown. */
  isImageMissing(reference: string): Promise<boolean>;
  /** Removes what ended emulators left in the engine. Never rejects. */
  clearLeftovers(): Promise<void>;
}

/** Dependencies of the container compute. */
export interface ContainerDependencies {
  /** Finds the current engine. Returns the same object while the engine stays available. */
  readonly findEngine: () => Promise<FoundEngine>;
  readonly dataFolder: string;
  readonly options: ContainerOptions;
  /** The emulator's own port, on loopback. */
  readonly port: number;
  /** Opens a listener for containers at another address of this machine. */
  readonly openListener: (address: string) => Promise<ContainerListener>;
  /** True if session storage outlives the emulator. */
  readonly keepsStorage: boolean;
  /** True while a session uses a storage. */
  readonly isStorageKnown: (id: string) => boolean;
  readonly logger: Logger;
}

/** The size of a session's machine in AWS. */
const AWS_SIZE: ContainerSize = { processors: 2, memoryMegabytes: 8_192 };

/** Time to remove everything when the emulator closes. Callers that kill an emulator wait longer. */
const CLOSING_SECONDS = 20;

/** Runs each machine as a container. The engine is found when the first container is needed. */
export function createContainerCompute(dependencies: ContainerDependencies): ContainerCompute {
  const { logger, options } = dependencies;
  const { platform } = options;
  const owner = currentOwner(dependencies.dataFolder, randomUUID().slice(0, 8));
  const storageLabels = dependencies.keepsStorage ? dataFolderLabels(owner) : ownerLabels(owner);
  const engines = createEngines(dependencies.findEngine);
  const images = createImages(platform);
  const ownNetwork = createOwnNetwork(owner);
  const reachability = createEmulatorReachability(dependencies);
  const liveNames = new Set<string>();
  const liveContainers = new Set<Promise<void>>();
  let cleanedEngine: Engine | null = null;
  let closed = false;

  function throwIfClosed(): void {
    if (closed) throw new CannotStartError('the emulator was closed');
  }

  async function currentEngine(): Promise<Engine> {
    throwIfClosed();
    const engine = await engines.connect().catch((error: Error) => {
      throw new CannotStartError(`it needs a container engine, and ${error.message}`);
    });
    throwIfClosed();
    if (engine !== cleanedEngine) {
      cleanedEngine = engine;
      const inUse = {
        container: (name: string) => liveNames.has(name),
        storage: dependencies.isStorageKnown,
      };
      void removeAbandoned(engine, owner, inUse).catch((error: Error) =>
        logger.warn(
          `Could not remove what an earlier emulator left in the container engine: ${error.message}`,
        ),
      );
    }
    return engine;
  }

  function ensureNetwork(engine: Engine): Promise<Network> {
    return ownNetwork.ensure(engine).catch((error: unknown) => {
      throw new CannotStartError(`its network could not be created: ${engineMessage(error)}`);
    });
  }

  // Tracks a container from before its creation until its removal. If a container may be left, even
  // after a failed creation, the engine is cleaned up again at the next opportunity.
  async function trackContainer(name: string, creation: Promise<ContainerMachine>): Promise<void> {
    liveNames.add(name);
    const isRemoved = await creation.then(
      ({ removed }) => removed,
      () => false,
    );
    liveNames.delete(name);
    if (!isRemoved) cleanedEngine = null;
  }

  return {
    kind: 'container',
    async prepare(agent, onLine) {
      const connecting = currentEngine();
      const [engine, image, network] = await Promise.all([
        connecting,
        images.ensure(connecting, agent, onLine),
        connecting.then(ensureNetwork),
      ]);
      throwIfClosed();
      const { port, address } = await reachability.find(engine, network);
      return {
        emulatorUrl: `http://${CONTAINER_HOST_NAME}:${port}`,
        image: image.id,
        async start(spec: MachineSpec, onLine: OnOutputLine): Promise<ContainerMachine> {
          throwIfClosed();
          const name = containerName(spec);
          const creation = createMachine(name, spec, onLine);
          const tracking = trackContainer(name, creation).finally(() =>
            liveContainers.delete(tracking),
          );
          liveContainers.add(tracking);
          return creation;
        },
      };

      async function createMachine(name: string, spec: MachineSpec, onLine: OnOutputLine) {
        const size = chooseSize(engine, options);
        const shared = { owner, image, network: network.id, hostAddress: address };
        const create = (binds: readonly string[]) =>
          createContainer(engine, name, spec, { ...shared, size, platform, binds });
        const container = await (spec.storage
          ? withVolumes(engine, spec.storage, storageLabels, create)
          : create([]));
        const settings = { engine, image, size, platform };
        return runContainer(container, spec.contractPort, settings, onLine);
      }
    },
    async isImageMissing(reference) {
      // Without an engine, the deployment fails later and says so.
      const engine = await currentEngine().catch(() => null);
      return engine !== null && images.isMissing(engine, reference);
    },
    async removeStorage(id) {
      await removeVolumes(await currentEngine(), id);
    },
    async clearLeftovers() {
      await currentEngine().catch((error: Error) => logger.debug(error.message));
    },
    async close() {
      closed = true;
      const timeout = setTimeout(engines.abortCalls, CLOSING_SECONDS * 1000);
      images.close();
      await Promise.all([...liveContainers, ownNetwork.close()]);
      for (const engine of engines.used()) {
        await removeOwned(engine, owner).catch((error: unknown) =>
          logger.warn(
            `Could not clean up ${engine.address.name}; the next start tries again: ${engineMessage(error)}`,
          ),
        );
      }
      clearTimeout(timeout);
      engines.abortCalls();
      await reachability.close();
    },
  };
}

// An engine rejects more processors than it has, so the default is capped. An explicit size is not,
// so that the developer sees the engine's error.
function chooseSize(
  engine: Engine,
  { processors, memoryMegabytes }: ContainerOptions,
): ContainerSize {
  return {
    processors: processors ?? Math.min(AWS_SIZE.processors, engine.processors),
    memoryMegabytes: memoryMegabytes ?? AWS_SIZE.memoryMegabytes,
  };
}
