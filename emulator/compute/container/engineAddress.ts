import { createHash } from 'node:crypto';
import { posix } from 'node:path';

/** The address of a container engine on this machine. */
export interface EngineAddress {
  /** The name for messages, as the user knows it. */
  readonly name: string;
  readonly place:
    { readonly socketPath: string } | { readonly host: string; readonly port: number };
}

/** Inputs that determine where engines are looked for. */
export interface EngineEnvironment {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Returns a file's text, or null if it does not exist. */
  readonly read: (file: string) => string | null;
}

/** There is no usable engine. The message includes the fix. */
export class EngineNotFoundError extends Error {}

/**
 * Returns the engines to try, in this order. As with the docker command, DOCKER_HOST precedes the
 * current context, and both precede the default sockets.
 */
export function engineAddresses(engineEnvironment: EngineEnvironment): EngineAddress[] {
  const { environment } = engineEnvironment;
  const host = environment['DOCKER_HOST'];
  if (host) return [parseEngineHost(host, `DOCKER_HOST=${host}`)];
  const context = currentContext(engineEnvironment);
  if (context) return [context];
  return defaultSockets(engineEnvironment).map((socketPath) => ({
    name: socketPath,
    place: { socketPath },
  }));
}

function currentContext({ home, environment, read }: EngineEnvironment): EngineAddress | null {
  const folder = environment['DOCKER_CONFIG'] || posix.join(home, '.docker');
  const name =
    environment['DOCKER_CONTEXT'] ||
    readText(read(posix.join(folder, 'config.json')), ['currentContext']);
  if (!name || name === 'default') return null;
  const digest = createHash('sha256').update(name).digest('hex');
  const file = posix.join(folder, 'contexts', 'meta', digest, 'meta.json');
  const host = readText(read(file), ['Endpoints', 'docker', 'Host']);
  if (host) return parseEngineHost(host, `the docker context '${name}' (${host})`);
  throw new EngineNotFoundError(
    `the docker context '${name}' does not exist. List contexts with docker context ls, and switch with docker context use NAME`,
  );
}

/** Parses a host in DOCKER_HOST's notation. Errors refer to it by `name`. */
export function parseEngineHost(host: string, name: string): EngineAddress {
  const socketPath = /^(?:unix|npipe):\/\/(.+)$/.exec(host)?.[1];
  if (socketPath) return { name, place: { socketPath } };
  const url = /^(?:tcp|https?|ssh):\/\//.test(host) ? URL.parse(host) : null;
  if (!url) {
    throw new EngineNotFoundError(
      `${name} is not a valid engine address. Use an address such as unix:///var/run/docker.sock`,
    );
  }
  // A session's port is published only on the engine's machine.
  if (url.protocol === 'ssh:' || !/^(?:localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname)) {
    throw new EngineNotFoundError(
      `${name} is an engine on another machine, where the emulator cannot reach session ports. Use an engine on this machine`,
    );
  }
  return {
    name,
    place: { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 2375) },
  };
}

/** Default sockets of Docker, Podman, Finch, Colima, Rancher Desktop and OrbStack. */
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
  const userFolder = environment['XDG_RUNTIME_DIR'];
  const rootless = (path: string) => (userFolder ? [posix.join(userFolder, path)] : []);
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

function readText(json: string | null, path: readonly string[]): string | null {
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
