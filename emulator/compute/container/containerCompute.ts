import { randomUUID } from 'node:crypto';
import type { Logger } from '../../log.ts';
import { CannotStart, type MachineSpec, type OnLine } from '../compute.ts';
import type { ContainerCompute, ContainerOptions, ContainerSize } from './container.ts';
import { containerName, createContainer, HOST_NAME } from './createContainer.ts';
import { createEngineConnection, engineWords, type Engine } from './engine.ts';
import { createImages } from './image.ts';
import { thisOwner } from './leftovers.ts';
import { runContainer, type ContainerMachine } from './machine.ts';
import { createOwnNetwork, type Network } from './network.ts';
import { sweep } from './sweep.ts';
import { createWayBack, type Door } from './wayBack.ts';

/** What containers need of their emulator. */
export interface ContainerSurroundings {
  readonly dataFolder: string;
  readonly options: ContainerOptions;
  /** The emulator's own port, on loopback. */
  readonly ownPort: () => number;
  /** Opens a door at another address of this machine. */
  readonly openDoor: (address: string) => Promise<Door>;
  readonly logger: Logger;
}

/** A session's machine in AWS. */
const AS_IN_AWS: ContainerSize = { processors: 2, memoryMegabytes: 8_192 };

/** Runs each machine as a container of an engine that is looked for when the first one is needed. */
export function createContainerCompute(surroundings: ContainerSurroundings): ContainerCompute {
  const { logger, options } = surroundings;
  const { platform } = options;
  const owner = thisOwner(surroundings.dataFolder, randomUUID().slice(0, 8));
  const connect = createEngineConnection();
  const images = createImages(platform);
  const ownNetwork = createOwnNetwork(owner);
  const wayBack = createWayBack(surroundings);
  const live = new Set<string>();
  const removals = new Set<Promise<boolean>>();
  let swept: Engine | null = null;
  let closed = false;

  async function engineOfTheMoment(): Promise<Engine> {
    if (closed) throw new CannotStart('the emulator was closed');
    const engine = await connect().catch((error: Error) => {
      throw new CannotStart(`it needs a container engine, and ${error.message}`);
    });
    if (engine !== swept) {
      swept = engine;
      void sweep(engine, owner, (name) => live.has(name)).catch((error: Error) =>
        logger.warn(`what an earlier emulator left could not be removed: ${error.message}`),
      );
    }
    return engine;
  }

  function networkOn(engine: Engine): Promise<Network> {
    return ownNetwork.ensure(engine).catch((error: unknown) => {
      throw new CannotStart(`it could not be given a network: ${engineWords(error)}`);
    });
  }

  async function keepTrackOf(name: string, { removed }: ContainerMachine): Promise<void> {
    removals.add(removed);
    const isGone = await removed;
    removals.delete(removed);
    live.delete(name);
    // The engine could not be reached: what it still holds is looked for when it is back.
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
      if (closed) throw new CannotStart('the emulator was closed');
      const { port, address } = await wayBack.find(engine, network);
      return {
        emulatorUrl: `http://${HOST_NAME}:${port}`,
        async start(spec: MachineSpec, onLine: OnLine): Promise<ContainerMachine> {
          const name = containerName(spec);
          const size = sizeOn(engine, options);
          live.add(name);
          try {
            const container = await createContainer(engine, name, spec, {
              owner,
              image,
              network: network.id,
              hostAddress: address,
              size,
              platform,
            });
            const making = { engine, image, size, platform };
            const machine = await runContainer(container, spec.contractPort, making, onLine);
            void keepTrackOf(name, machine);
            return machine;
          } catch (error) {
            live.delete(name);
            throw error;
          }
        },
      };
    },
    async clearLeftovers() {
      await engineOfTheMoment().catch((error: Error) => logger.debug(error.message));
    },
    async close() {
      closed = true;
      images.close();
      await Promise.all(removals);
      await ownNetwork.remove().catch(() => {});
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
