import type { Logger } from '../../log.ts';
import type { Compute } from '../compute.ts';
import type { ContainerSurroundings } from './containerCompute.ts';

/** By what name an agent in a container calls the machine that its emulator runs on. */
const CONTAINER_HOST = 'host.docker.internal';

/** Runs each machine as a container. */
export interface ContainerCompute extends Compute {
  /** Removes what emulators that are gone left in the engine; a try, and never an error. */
  clearLeftovers(): Promise<void>;
}

/** Loads dockerode with the first container only: an emulator without containers needs none of it. */
export function createContainerCompute(
  surroundings: Omit<ContainerSurroundings, 'hostName'> & { readonly logger: Logger },
): ContainerCompute {
  let loading: Promise<ContainerCompute> | undefined;
  const load = () =>
    (loading ??= import('./containerCompute.ts').then((module) =>
      module.createContainerCompute({ ...surroundings, hostName: CONTAINER_HOST }),
    ));
  return {
    kind: 'container',
    prepare: async (agent, onLine) => (await load()).prepare(agent, onLine),
    clearLeftovers: async () => (await load()).clearLeftovers(),
    async close() {
      await (await loading)?.close();
    },
  };
}

/** 'available', or why there is no container engine; asked of the engine, each time. */
export async function containerAvailability(): Promise<string> {
  const { findEngine } = await import('./findEngine.ts');
  return findEngine().then(
    () => 'available',
    (error: Error) => error.message,
  );
}
