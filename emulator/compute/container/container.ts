import type { Compute } from '../compute.ts';
import type { ContainerDependencies } from './containerCompute.ts';

export { createEngineFinder } from './findEngine.ts';

/** How large a container is. */
export interface ContainerSize {
  readonly processors: number;
  readonly memoryMegabytes: number;
}

/** The platforms that containers may be asked to be; AWS has the first. */
export const platforms = ['linux/arm64', 'linux/amd64'] as const;

/** A platform in the words of images. */
export type Platform = (typeof platforms)[number];

/** How containers are made; what is left open is as in AWS, and of the engine's own platform. */
export interface ContainerOptions {
  readonly processors?: number | undefined;
  readonly memoryMegabytes?: number | undefined;
  readonly platform?: Platform | undefined;
}

/** Runs each machine as a container. */
export interface ContainerCompute extends Compute {
  /** Removes what emulators that are gone left in the engine; a try, and never an error. */
  clearLeftovers(): Promise<void>;
}

/** Loads dockerode with the first container only: an emulator without containers needs none of it. */
export function createContainerCompute(dependencies: ContainerDependencies): ContainerCompute {
  let loading: Promise<ContainerCompute> | undefined;
  const load = () =>
    (loading ??= import('./containerCompute.ts').then((module) =>
      module.createContainerCompute(dependencies),
    ));
  return {
    kind: 'container',
    prepare: async (agent, onLine) => (await load()).prepare(agent, onLine),
    removeStorage: async (id) => (await load()).removeStorage(id),
    clearLeftovers: async () => (await load()).clearLeftovers(),
    async close() {
      await (await loading)?.close();
    },
  };
}
