import { engineMessage, type Engine } from './engine.ts';
import {
  isProcessAlive,
  isAbandoned,
  belongsToDataFolder,
  isOwnedBy,
  OWNED_FILTER,
  STORAGE_LABEL,
  type ResourceOwner,
} from './ownership.ts';

/** What is still in use of what an emulator and its data folder have in an engine. */
export interface ResourcesInUse {
  readonly container: (name: string) => boolean;
  readonly storage: (id: string) => boolean;
}

/**
 * Removes from an engine what is nobody's any more: what emulators left that are gone, and what of
 * our own the engine kept while it could not be reached, or a data folder that was deleted.
 */
export async function removeAbandoned(
  engine: Engine,
  owner: ResourceOwner,
  inUse: ResourcesInUse,
): Promise<void> {
  const isLeft = (labels: Labels) => isAbandoned(labels, owner, isProcessAlive);
  await remove(engine, {
    // The engine lists names with a slash before them.
    container: (labels, names) =>
      isLeft(labels) ||
      (isOwnedBy(labels, owner) && !names.some((name) => inUse.container(name.slice(1)))),
    network: isLeft,
    volume: (labels) =>
      (OWNED_FILTER in labels && isLeft(labels)) ||
      (belongsToDataFolder(labels, owner) && !inUse.storage(labels[STORAGE_LABEL] ?? '')),
  });
}

/** Removes all that this very emulator made in an engine for itself. */
export async function removeOwned(engine: Engine, owner: ResourceOwner): Promise<void> {
  const isOurs = (labels: Labels) => isOwnedBy(labels, owner);
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
  const filters = { label: [OWNED_FILTER] };
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
    const isGoing = error.statusCode === 409 && /already in progress/.test(engineMessage(error));
    if (error.statusCode !== 404 && !isGoing) throw error;
  });
}
