import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { CannotStartError, type MachineSpec } from '../compute.ts';
import type { ContainerSize, Platform } from './containerOptions.ts';
import { engineMessage, type Engine } from './engine.ts';
import { containerEnvironment } from './containerEnvironment.ts';
import { publishedPorts } from './containerPort.ts';
import type { Image } from './inspectImage.ts';
import { ownerLabels, RUNTIME_LABEL, type ResourceOwner } from './ownership.ts';

/** The host name of the emulator's machine inside containers. */
export const CONTAINER_HOST_NAME = 'host.docker.internal';

/** Settings of a container beyond its session's specification. */
export interface ContainerSpec {
  readonly owner: ResourceOwner;
  readonly image: Image;
  /** The network's ID. */
  readonly network: string;
  /** The address that the emulator's host name resolves to. */
  readonly hostAddress: string;
  /** Volume mounts in the engine's notation. */
  readonly binds: readonly string[];
  readonly size: ContainerSize;
  readonly platform: Platform | undefined;
}

/** Creates a name for a session's container by which developers recognize it. */
export function containerName({ id }: MachineSpec): string {
  return `agentcore-${id.split('-')[0]}-${randomUUID().slice(0, 8)}`;
}

/** Creates a session's container without starting it. */
export async function createContainer(
  engine: Engine,
  name: string,
  session: MachineSpec,
  spec: ContainerSpec,
): Promise<Docker.Container> {
  const ports = publishedPorts(session).map((port) => `${port}/tcp`);
  const memory = spec.size.memoryMegabytes * 1024 ** 2;
  const { environment, mounts } = containerEnvironment({
    host: process.env,
    files: findAwsFiles(),
    // Docker marks its containers with a file that the SDKs look for. Other engines need this variable.
    own: { ...(!engine.isDocker && { DOCKER_CONTAINER: '1' }), ...session.environment },
  });
  const options: Docker.ContainerCreateOptions = {
    name,
    Image: spec.image.name,
    ...(spec.platform && { platform: spec.platform }),
    Env: Object.entries(environment).map(([variable, value]) => `${variable}=${value}`),
    Labels: { ...ownerLabels(spec.owner), [RUNTIME_LABEL]: session.id },
    ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])),
    HostConfig: {
      NetworkMode: spec.network,
      PortBindings: Object.fromEntries(
        ports.map((port) => [port, [{ HostIp: '127.0.0.1', HostPort: '0' }]]),
      ),
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
      // The total of memory and swap, so there is no swap.
      MemorySwap: memory,
      SecurityOpt: ['no-new-privileges'],
      // Process 1 ignores SIGTERM unless it handles it, so an init process forwards signals.
      Init: true,
      // The emulator keeps the session's log; the engine's copy must not fill the disk.
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m' } },
    },
  };
  return engine.docker.createContainer(options).catch((error: unknown) => {
    throw new CannotStartError(`its container could not be created: ${engineMessage(error)}`);
  });
}

/** Finds the developer's AWS files where the SDKs look for them. */
function findAwsFiles() {
  const present = (file: string) => (existsSync(file) ? file : null);
  const folder = join(homedir(), '.aws');
  return {
    config: present(process.env['AWS_CONFIG_FILE'] ?? join(folder, 'config')),
    credentials: present(process.env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(folder, 'credentials')),
  };
}
