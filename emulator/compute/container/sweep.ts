import { engineWords, type Engine } from './engine.ts';
import {
  isAlive,
  isLeftOver,
  isOfOurData,
  isOwn,
  OWNED,
  STORAGE_LABEL,
  type Owner,
} from './leftovers.ts';

/** What is still in use of what an emulator and its data folder have in an engine. */
export interface InUse {
  readonly container: (name: string) => boolean;
  readonly storage: (id: string) => boolean;
}

/**
 * Removes from an engine what is nobody's any more: what emulators left that are gone, and what of
 * our own the engine kept while it could not be reached, or a data folder that was deleted.
 */
export async function sweep(engine: Engine, owner: Owner, inUse: InUse): Promise<void> {
  const isLeft = (labels: Labels) => isLeftOver(labels, owner, isAlive);
  await remove(engine, {
    // The engine lists names with a slash before them.
    container: (labels, names) =>
      isLeft(labels) ||
      (isOwn(labels, owner) && !names.some((name) => inUse.container(name.slice(1)))),
    network: isLeft,
    volume: (labels) =>
      (OWNED in labels && isLeft(labels)) ||
      (isOfOurData(labels, owner) && !inUse.storage(labels[STORAGE_LABEL] ?? '')),
  });
}

/** Removes all that this very emulator made in an engine for itself. */
export async function removeOwn(engine: Engine, owner: Owner): Promise<void> {
  const isOurs = (labels: Labels) => isOwn(labels, owner);
  await remove(engine, { container: isOurs, network: isOurs, volume: isOurs });
}

type Labels = Readonly<Record<string, string>>;

async function remove(
  { docker }: Engine,
  isWanted: {
    container(labels: Labels, names: readonly string[]): boolean;
    network(labels: Labels): boolean;
    volume(labels: Labels): boolean;
  },
): Promise<void> {
  const filters = { label: [OWNED] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(
    containers
      .filter(({ Labels, Names }) => isWanted.container(Labels, Names))
      .map(({ Id }) => unlessGone(docker.getContainer(Id).remove({ force: true, v: true }))),
  );
  const networks = await docker.listNetworks({ filters });
  await Promise.all(
    networks
      .filter(({ Labels = {} }) => isWanted.network(Labels))
      .map(({ Id }) => unlessGone(docker.getNetwork(Id).remove())),
  );
  const { Volumes } = await docker.listVolumes({ filters: { label: [STORAGE_LABEL] } });
  await Promise.all(
    Volumes.filter(({ Labels }) => isWanted.volume(Labels)).map(({ Name }) =>
      unlessGone(docker.getVolume(Name).remove()),
    ),
  );
}

/** Another emulator may sweep the same engine at the same time. */
async function unlessGone(removal: Promise<unknown>): Promise<void> {
  await removal.catch((error: Error & { statusCode?: number }) => {
    const isGoing = error.statusCode === 409 && /already in progress/.test(engineWords(error));
    if (error.statusCode !== 404 && !isGoing) throw error;
  });
}
