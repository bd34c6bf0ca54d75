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
  /** Whether it was made just now, for the first machine that mounts it. */
  readonly isNew: boolean;
}

/**
 * Makes a container that has the volumes of a storage: those that an earlier machine left, or new
 * ones. `make` is told what is to be mounted where.
 */
export async function withVolumes(
  engine: Engine,
  storage: MachineStorage,
  labels: Readonly<Record<string, string>>,
  make: (binds: readonly string[]) => Promise<Docker.Container>,
): Promise<Docker.Container> {
  const volumes = await ensureVolumes(engine, storage, labels);
  const created = volumes.filter(({ isNew }) => isNew);
  try {
    // As in AWS what the image has at such a path does not come into it.
    const container = await make(volumes.map(({ name, target }) => `${name}:${target}:nocopy`));
    await openVolumes(engine, container, created);
    return container;
  } catch (error) {
    // The next machine would take them for open.
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
    throw new CannotStartError(`its session storage could not be made: ${engineMessage(error)}`);
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
 * Opens new volumes to any user, before their container starts: they are root's, and many images,
 * those of the official templates among them, run their agent as somebody else.
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
    // Podman gives a new volume to the user of the first container that mounts it.
    if (!isDocker) return;
    await container.remove({ force: true });
    throw new CannotStartError(`its session storage could not be opened: ${engineMessage(error)}`);
  }
}

/** A tar of a folder without content: one that is there gets its rights and keeps what is in it. */
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
