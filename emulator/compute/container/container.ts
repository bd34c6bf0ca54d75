import type { ContainerCompute, ContainerDependencies } from './containerCompute.ts';

export { createEngineFinder } from './findEngine.ts';

/** Loads dockerode with the first container, because an emulator without containers does not need it. */
export function createContainerCompute(dependencies: ContainerDependencies): ContainerCompute {
  let loading: Promise<ContainerCompute> | undefined;
  const load = () =>
    (loading ??= import('./containerCompute.ts').then((module) =>
      module.createContainerCompute(dependencies),
    ));
  return {
    kind: 'container',
    prepare: async (agent, onLine) => (await load()).prepare(agent, onLine),
    isImageMissing: async (reference) => (await load()).isImageMissing(reference),
    removeStorage: async (id) => (await load()).removeStorage(id),
    clearLeftovers: async () => (await load()).clearLeftovers(),
    async close() {
      await (await loading)?.close();
    },
  };
}
