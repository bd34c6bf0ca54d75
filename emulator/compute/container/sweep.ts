import { engineWords, type Engine } from './engine.ts';
import { isAlive, isLeftOver, isOwn, OWNED, type Owner } from './leftovers.ts';

/**
 * Removes from an engine what is nobody's any more: what emulators left that are gone, and our own
 * containers that the engine kept while it could not be reached.
 */
export async function sweep(
  { docker }: Engine,
  owner: Owner,
  isLive: (containerName: string) => boolean,
): Promise<void> {
  const filters = { label: [OWNED] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(
    containers
      .filter(
        ({ Labels, Names }) =>
          isLeftOver(Labels, owner, isAlive) ||
          // The engine lists names with a slash before them.
          (isOwn(Labels, owner) && !Names.some((name) => isLive(name.slice(1)))),
      )
      .map(({ Id }) => unlessGone(docker.getContainer(Id).remove({ force: true, v: true }))),
  );
  const networks = await docker.listNetworks({ filters });
  await Promise.all(
    networks
      .filter(({ Labels = {} }) => isLeftOver(Labels, owner, isAlive))
      .map(({ Id }) => unlessGone(docker.getNetwork(Id).remove())),
  );
}

/** Another emulator may sweep the same engine at the same time. */
async function unlessGone(removal: Promise<unknown>): Promise<void> {
  await removal.catch((error: Error & { statusCode?: number }) => {
    const isGoing = error.statusCode === 409 && /already in progress/.test(engineWords(error));
    if (error.statusCode !== 404 && !isGoing) throw error;
  });
}
