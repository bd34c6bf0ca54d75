import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { CannotStartError, type MachineSpec } from '../compute.ts';
import type { ContainerSize, Platform } from './container.ts';
import { engineMessage, type Engine } from './engine.ts';
import { containerEnvironment } from './containerEnvironment.ts';
import type { Image } from './inspectImage.ts';
import { ownerLabels, RUNTIME_LABEL, type ResourceOwner } from './ownership.ts';

/** By what name an agent in a container calls the machine that its emulator runs on. */
export const CONTAINER_HOST_NAME = 'host.docker.internal';

/** What a container is made from, beside its session. */
export interface ContainerSpec {
  readonly owner: ResourceOwner;
  readonly image: Image;
  /** The id of the network that it is on. */
  readonly network: string;
  /** The address of the emulator's machine, which stands behind its name. */
  readonly hostAddress: string;
  /** What of volumes is mounted where, in the engine's notation. */
  readonly binds: readonly string[];
  readonly size: ContainerSize;
  readonly platform: Platform | undefined;
}

/** A name for a session's container that tells a developer whose it is. */
export function containerName({ id }: MachineSpec): string {
  return `agentcore-${id.split('-')[0]}-${randomUUID().slice(0, 8)}`;
}

/** Makes a session's container; it is not started. */
export async function createContainer(
  engine: Engine,
  name: string,
  session: MachineSpec,
  spec: ContainerSpec,
): Promise<Docker.Container> {
  const port = `${session.contractPort}/tcp`;
  const memory = spec.size.memoryMegabytes * 1024 ** 2;
  const { environment, mounts } = containerEnvironment({
    host: process.env,
    files: awsFiles(),
    // Docker marks its containers with a file that the SDKs look for; others leave that to this.
    own: { ...(!engine.isDocker && { DOCKER_CONTAINER: '1' }), ...session.environment },
  });
  const options: Docker.ContainerCreateOptions = {
    name,
    Image: spec.image.name,
    ...(spec.platform && { platform: spec.platform }),
    Env: Object.entries(environment).map(([variable, value]) => `${variable}=${value}`),
    Labels: { ...ownerLabels(spec.owner), [RUNTIME_LABEL]: session.id },
    ExposedPorts: { [port]: {} },
    HostConfig: {
      NetworkMode: spec.network,
      PortBindings: { [port]: [{ HostIp: '127.0.0.1', HostPort: '0' }] },
      ExtraHosts: [`${CONTAINER_HOST_NAME}:${spec.hostAddress}`],
      Mounts: mounts.map(({ source, target }) => ({
        Type: 'bind',
        Source: source,
        Target: target,
        ReadOnly: true,
      })),
      Binds: [...spec.binds],
      NanoCpus: Math.round(spec.size.processors * 1e9),
      Memory: memory,
      // Memory and swap together: none of it is swap.
      MemorySwap: memory,
      SecurityOpt: ['no-new-privileges'],
      // The first process of a machine is asked to end in vain unless it has prepared for that.
      Init: true,
      // The session's own log is what is read; the engine's copy must not fill the disk.
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m' } },
    },
  };
  return engine.docker.createContainer(options).catch((error: unknown) => {
    throw new CannotStartError(`its container could not be made: ${engineMessage(error)}`);
  });
}

/** The developer's AWS files, where the SDKs of this machine would look for them. */
function awsFiles() {
  const present = (file: string) => (existsSync(file) ? file : null);
  const folder = join(homedir(), '.aws');
  return {
    config: present(process.env['AWS_CONFIG_FILE'] ?? join(folder, 'config')),
    credentials: present(process.env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(folder, 'credentials')),
  };
}
