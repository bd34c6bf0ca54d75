import { tmpdir } from 'node:os';
import { basename, dirname } from 'node:path/posix';
import type Docker from 'dockerode';
import { pack } from 'tar-fs';
import { CannotStartError, type MachineStorage } from '../compute.ts';
import { engineMessage, isMissing, type Engine } from './engine.ts';
import { STORAGE_LABEL } from './ownership.ts';

/** A volume of a storage. */
interface Volume {
  readonly name: string;
  readonly target: string;
  /** True if the volume was just created. */
  readonly isNew: boolean;
}

/**
 * Creates a container with the volumes of a storage. Existing volumes are reused. `create` gets the
 * mounts in the engine's notation.
 */
export async function withVolumes(
  engine: Engine,
  storage: MachineStorage,
  labels: Readonly<Record<string, string>>,
  create: (binds: readonly string[]) => Promise<Docker.Container>,
): Promise<Docker.Container> {
  const volumes = await ensureVolumes(engine, storage, labels);
  const created = volumes.filter(({ isNew }) => isNew);
  try {
    // As in AWS, the image's content at the mount path is not copied.
    const container = await create(volumes.map(({ name, target }) => `${name}:${target}:nocopy`));
    await openVolumes(engine, container, created);
    return container;
  } catch (error) {
    // Otherwise the next machine would assume that they are open to all users.
    for (const { name } of created) await engine.docker.getVolume(name).remove();
    throw error;
  }
}

async function ensureVolumes(
  { docker }: Engine,
  { id, mounts }: MachineStorage,
  labels: Readonly<Record<string, string>>,
): Promise<Volume[]> {
  const ensure = async (target: string): Promise<Volume> => {
    const name = `agentcore-${id}-${basename(target)}`;
    if (await exists(docker.getVolume(name))) return { name, target, isNew: false };
    const Labels = { ...labels, [STORAGE_LABEL]: id };
    await docker.createVolume({ Name: name, Labels });
    return { name, target, isNew: true };
  };
  return Promise.all(mounts.map(ensure)).catch((error: unknown) => {
    throw new CannotStartError(`its session storage could not be created: ${engineMessage(error)}`);
  });
}

async function exists(volume: Docker.Volume): Promise<boolean> {
  try {
    await volume.inspect();
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/**
 * Makes new volumes writable for all users before the container starts. Volumes belong to root, and
 * many images, such as the official templates', run the agent as another user.
 */
async function openVolumes(
  { isDocker }: Engine,
  container: Docker.Container,
  volumes: readonly Volume[],
): Promise<void> {
  try {
    for (const { target } of volumes) {
      const folder = openFolder(basename(target));
      await container.putArchive(folder, { path: dirname(target) });
    }
  } catch (error) {
    // Podman assigns a new volume to the user of the first container that mounts it.
    if (!isDocker) return;
    await container.remove({ force: true });
    throw new CannotStartError(`its session storage could not be opened: ${engineMessage(error)}`);
  }
}

/** A tar of an empty folder. Extracting it changes an existing folder's mode but keeps its content. */
function openFolder(name: string): NodeJS.ReadableStream {
  return pack(tmpdir(), {
    ignore: () => true,
    map: (header) => ({ ...header, name, mode: 0o1777, uid: 0, gid: 0 }),
  });
}

/** Removes the volumes of a storage. */
export async function removeVolumes({ docker }: Engine, id: string): Promise<void> {
  const filters = { label: [`${STORAGE_LABEL}=${id}`] };
  const { Volumes } = await docker.listVolumes({ filters });
  for (const { Name } of Volumes) await docker.getVolume(Name).remove();
}
