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

/** Determines which resources of an emulator and its data folder are still in use. */
export interface ResourcesInUse {
  readonly container: (name: string) => boolean;
  readonly storage: (id: string) => boolean;
}

/**
 * Removes abandoned resources from an engine: those of ended emulators, our own that could not be
 * removed while the engine was unreachable, and volumes of deleted storage.
 */
export async function removeAbandoned(
  engine: Engine,
  owner: ResourceOwner,
  inUse: ResourcesInUse,
): Promise<void> {
  const isUnused = (labels: Labels) => isAbandoned(labels, owner, isProcessAlive);
  await remove(engine, {
    // The engine lists names with a leading slash.
    container: (labels, names) =>
      isUnused(labels) ||
      (isOwnedBy(labels, owner) && !names.some((name) => inUse.container(name.slice(1)))),
    network: isUnused,
    volume: (labels) =>
      (OWNED_FILTER in labels && isUnused(labels)) ||
      (belongsToDataFolder(labels, owner) && !inUse.storage(labels[STORAGE_LABEL] ?? '')),
  });
}

/** Removes everything that this emulator instance created in an engine. */
export async function removeOwned(engine: Engine, owner: ResourceOwner): Promise<void> {
  const isOurs = (labels: Labels) => isOwnedBy(labels, owner);
  await remove(engine, { container: isOurs, network: isOurs, volume: isOurs });
}

type Labels = Readonly<Record<string, string>>;

async function remove(
  { docker }: Engine,
  shouldRemove: {
    container(labels: Labels, names: readonly string[]): boolean;
    network(labels: Labels): boolean;
    volume(labels: Labels): boolean;
  },
): Promise<void> {
  const filters = { label: [OWNED_FILTER] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(
    containers
      .filter(({ Labels, Names }) => shouldRemove.container(Labels, Names))
      .map(({ Id }) => ignoreMissing(docker.getContainer(Id).remove({ force: true, v: true }))),
  );
  const networks = await docker.listNetworks({ filters });
  await Promise.all(
    networks
      .filter(({ Labels = {} }) => shouldRemove.network(Labels))
      .map(({ Id }) => ignoreMissing(docker.getNetwork(Id).remove())),
  );
  const { Volumes } = await docker.listVolumes({ filters: { label: [STORAGE_LABEL] } });
  await Promise.all(
    Volumes.filter(({ Labels }) => shouldRemove.volume(Labels)).map(({ Name }) =>
      ignoreMissing(docker.getVolume(Name).remove()),
    ),
  );
}

/** Another emulator may clean up the same engine at the same time. */
async function ignoreMissing(removal: Promise<unknown>): Promise<void> {
  await removal.catch((error: Error & { statusCode?: number }) => {
    const isInProgress =
      error.statusCode === 409 && /already in progress/.test(engineMessage(error));
    if (error.statusCode !== 404 && !isInProgress) throw error;
  });
}
