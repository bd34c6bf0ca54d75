import { createHash } from 'node:crypto';
import { posix } from 'node:path';

/** Where a container engine can be called on this machine. */
export interface EngineAddress {
  /** As its user names it. */
  readonly name: string;
  readonly place:
    { readonly socketPath: string } | { readonly host: string; readonly port: number };
}

/** What decides where to look for an engine. */
export interface EngineEnvironment {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A file's text, or null where there is none. */
  readonly read: (file: string) => string | null;
}

/** Why there is no engine to be had, with the mend. */
export class EngineNotFoundError extends Error {}

/**
 * The engines to try, in this order. As with the docker command, DOCKER_HOST comes before a chosen
 * context, and either before the places where engines listen by themselves.
 */
export function engineAddresses(surroundings: EngineEnvironment): EngineAddress[] {
  const { environment } = surroundings;
  const host = environment['DOCKER_HOST'];
  if (host) return [parseEngineHost(host, `DOCKER_HOST=${host}`)];
  const context = chosenContext(surroundings);
  if (context) return [context];
  return defaultSockets(surroundings).map((socketPath) => ({
    name: socketPath,
    place: { socketPath },
  }));
}

function chosenContext({ home, environment, read }: EngineEnvironment): EngineAddress | null {
  const folder = environment['DOCKER_CONFIG'] || posix.join(home, '.docker');
  const name =
    environment['DOCKER_CONTEXT'] ||
    textAt(read(posix.join(folder, 'config.json')), ['currentContext']);
  if (!name || name === 'default') return null;
  const digest = createHash('sha256').update(name).digest('hex');
  const file = posix.join(folder, 'contexts', 'meta', digest, 'meta.json');
  const host = textAt(read(file), ['Endpoints', 'docker', 'Host']);
  if (host) return parseEngineHost(host, `the docker context '${name}' (${host})`);
  throw new EngineNotFoundError(
    `the docker context '${name}' is chosen and does not exist; see docker context ls, and choose one with docker context use NAME`,
  );
}

/** The address that a host means, as DOCKER_HOST has it; a NoEngine calls it by the name given. */
export function parseEngineHost(host: string, name: string): EngineAddress {
  const socketPath = /^(?:unix|npipe):\/\/(.+)$/.exec(host)?.[1];
  if (socketPath) return { name, place: { socketPath } };
  const url = /^(?:tcp|https?|ssh):\/\//.test(host) ? URL.parse(host) : null;
  if (!url) {
    throw new EngineNotFoundError(
      `${name} is no address of an engine; one looks like unix:///var/run/docker.sock`,
    );
  }
  // A session's port is published where its engine is, and only there.
  if (url.protocol === 'ssh:' || !/^(?:localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname)) {
    throw new EngineNotFoundError(
      `${name} is an engine on another machine, where a session's port cannot be reached from here; use one on this machine`,
    );
  }
  return {
    name,
    place: { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 2375) },
  };
}

/** Docker, Podman, Finch, Colima, Rancher Desktop and OrbStack, as they are when just installed. */
function defaultSockets({ platform, home, environment }: EngineEnvironment): string[] {
  if (platform === 'win32') return ['//./pipe/docker_engine', '//./pipe/podman-machine-default'];
  const inHome = (path: string) => posix.join(home, path);
  const docker = '/var/run/docker.sock';
  const colima = inHome('.colima/default/docker.sock');
  if (platform === 'darwin') {
    return [
      docker,
      inHome('.docker/run/docker.sock'),
      inHome('.orbstack/run/docker.sock'),
      inHome('.rd/docker.sock'),
      colima,
      inHome('.local/share/containers/podman/machine/podman.sock'),
      posix.join(environment['TMPDIR'] ?? '/tmp', 'podman/podman-machine-default-api.sock'),
      '/Applications/Finch/lima/data/finch/sock/finch.sock',
    ];
  }
  const ofUser = environment['XDG_RUNTIME_DIR'];
  const rootless = (path: string) => (ofUser ? [posix.join(ofUser, path)] : []);
  return [
    docker,
    ...rootless('docker.sock'),
    inHome('.docker/desktop/docker.sock'),
    inHome('.rd/docker.sock'),
    colima,
    '/run/podman/podman.sock',
    ...rootless('podman/podman.sock'),
    '/run/finch.sock',
  ];
}

function textAt(json: string | null, path: readonly string[]): string | null {
  try {
    const found = path.reduce<unknown>(
      (value, key) => (value as Record<string, unknown> | undefined)?.[key],
      JSON.parse(json ?? 'null') ?? undefined,
    );
    return typeof found === 'string' ? found : null;
  } catch {
    return null;
  }
}
