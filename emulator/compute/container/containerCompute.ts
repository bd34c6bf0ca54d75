import { randomUUID } from 'node:crypto';
import type { Logger } from '../../log.ts';
import { CannotStartError, type MachineSpec, type OnOutputLine } from '../compute.ts';
import type { ContainerCompute, ContainerOptions, ContainerSize } from './container.ts';
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

/** What running containers depends on. */
export interface ContainerDependencies {
  /** The engine of the moment, the same object while it did not go away in between. */
  readonly findEngine: () => Promise<FoundEngine>;
  readonly dataFolder: string;
  readonly options: ContainerOptions;
  /** The emulator's own port, on loopback. */
  readonly port: number;
  /** Opens a listener for containers at another address of this machine. */
  readonly openListener: (address: string) => Promise<ContainerListener>;
  /** Whether session storage outlives the emulator. */
  readonly keepsStorage: boolean;
  /** Whether a storage is still some session's. */
  readonly isStorageKnown: (id: string) => boolean;
  readonly logger: Logger;
}

/** A session's machine in AWS. */
const AS_IN_AWS: ContainerSize = { processors: 2, memoryMegabytes: 8_192 };

/**
 * How long all together may take that has to end when the emulator is closed. Whoever ends an
 * emulator by force gives it longer.
 */
const CLOSING_SECONDS = 20;

/** Runs each machine as a container of an engine that is looked for when the first one is needed. */
export function createContainerCompute(dependencies: ContainerDependencies): ContainerCompute {
  const { logger, options } = dependencies;
  const { platform } = options;
  const owner = currentOwner(dependencies.dataFolder, randomUUID().slice(0, 8));
  const storageLabels = dependencies.keepsStorage ? dataFolderLabels(owner) : ownerLabels(owner);
  const engines = createEngines(dependencies.findEngine);
  const images = createImages(platform);
  const ownNetwork = createOwnNetwork(owner);
  const wayBack = createEmulatorReachability(dependencies);
  const live = new Set<string>();
  const lives = new Set<Promise<void>>();
  let swept: Engine | null = null;
  let closed = false;

  function refuseIfClosed(): void {
    if (closed) throw new CannotStartError('the emulator was closed');
  }

  async function engineOfTheMoment(): Promise<Engine> {
    refuseIfClosed();
    const engine = await engines.connect().catch((error: Error) => {
      throw new CannotStartError(`it needs a container engine, and ${error.message}`);
    });
    refuseIfClosed();
    if (engine !== swept) {
      swept = engine;
      const inUse = {
        container: (name: string) => live.has(name),
        storage: dependencies.isStorageKnown,
      };
      void removeAbandoned(engine, owner, inUse).catch((error: Error) =>
        logger.warn(`what an earlier emulator left could not be removed: ${error.message}`),
      );
    }
    return engine;
  }

  function networkOn(engine: Engine): Promise<Network> {
    return ownNetwork.ensure(engine).catch((error: unknown) => {
      throw new CannotStartError(`it could not be given a network: ${engineMessage(error)}`);
    });
  }

  // From before it is made until it is removed. Where that went wrong, whatever the engine has of it
  // is looked for at the next opportunity: also of what failed to start it may have made something.
  async function keepTrackOf(name: string, making: Promise<ContainerMachine>): Promise<void> {
    live.add(name);
    const isGone = await making.then(
      ({ removed }) => removed,
      () => false,
    );
    live.delete(name);
    if (!isGone) swept = null;
  }

  return {
    kind: 'container',
    async prepare(agent, onLine) {
      const connecting = engineOfTheMoment();
      const [engine, image, network] = await Promise.all([
        connecting,
        images.ensure(connecting, agent, onLine),
        connecting.then(networkOn),
      ]);
      refuseIfClosed();
      const { port, address } = await wayBack.find(engine, network);
      return {
        emulatorUrl: `http://${CONTAINER_HOST_NAME}:${port}`,
        image: image.id,
        async start(spec: MachineSpec, onLine: OnOutputLine): Promise<ContainerMachine> {
          refuseIfClosed();
          const name = containerName(spec);
          const making = make(name, spec, onLine);
          const life = keepTrackOf(name, making).finally(() => lives.delete(life));
          lives.add(life);
          return making;
        },
      };

      async function make(name: string, spec: MachineSpec, onLine: OnOutputLine) {
        const size = sizeOn(engine, options);
        const surrounding = { owner, image, network: network.id, hostAddress: address };
        const create = (binds: readonly string[]) =>
          createContainer(engine, name, spec, { ...surrounding, size, platform, binds });
        const container = await (spec.storage
          ? withVolumes(engine, spec.storage, storageLabels, create)
          : create([]));
        const making = { engine, image, size, platform };
        return runContainer(container, spec.contractPort, making, onLine);
      }
    },
    async removeStorage(id) {
      await removeVolumes(await engineOfTheMoment(), id);
    },
    async clearLeftovers() {
      await engineOfTheMoment().catch((error: Error) => logger.debug(error.message));
    },
    async close() {
      closed = true;
      const late = setTimeout(engines.breakOff, CLOSING_SECONDS * 1000);
      images.close();
      await Promise.all([...lives, ownNetwork.close()]);
      for (const engine of engines.used()) {
        await removeOwned(engine, owner).catch((error: unknown) =>
          logger.warn(
            `what is left in ${engine.address.name} is removed at the next start: ${engineMessage(error)}`,
          ),
        );
      }
      clearTimeout(late);
      engines.breakOff();
      await wayBack.close();
    },
  };
}

// An engine refuses to promise more processors than it has. By default we ask for no more; what the
// developer asks for it may refuse in its own words.
function sizeOn(engine: Engine, { processors, memoryMegabytes }: ContainerOptions): ContainerSize {
  return {
    processors: processors ?? Math.min(AS_IN_AWS.processors, engine.processors),
    memoryMegabytes: memoryMegabytes ?? AS_IN_AWS.memoryMegabytes,
  };
}
