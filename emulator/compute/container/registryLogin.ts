import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CannotStartError } from '../compute.ts';

/** A registry login in the format of the engine's API. */
export interface RegistryLogin {
  readonly serveraddress: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
}

/** The login settings in docker's config.json. */
interface DockerConfig {
  readonly auths?: Readonly<
    Record<string, { readonly auth?: string; readonly identitytoken?: string }>
  >;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

/** The key of Docker Hub's login in config.json. */
const DOCKER_HUB = 'https://index.docker.io/v1/';

/** Time for a credential helper, which may prompt the user. */
const HELPER_MILLISECONDS = 60_000;

/** Returns the key in config.json of an image reference's registry. */
export function findRegistryKey(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  const isHost = rest.length > 0 && /[.:]|^localhost$/.test(first);
  return isHost && first !== 'docker.io' ? first : DOCKER_HUB;
}

/** Finds the login that the docker command would use, in config.json or by a credential helper. */
export async function findRegistryLogin(
  registry: string,
  signal: AbortSignal,
): Promise<RegistryLogin | undefined> {
  const folder = process.env['DOCKER_CONFIG'] || join(homedir(), '.docker');
  const configText = await readFile(join(folder, 'config.json'), 'utf8').catch(() => '{}');
  const config = parseConfig(configText, folder);
  const helper = config.credHelpers?.[registry] ?? config.credsStore;
  if (helper !== undefined) return runHelper(helper, registry, signal);
  return readLogin(config, registry);
}

function parseConfig(configText: string, folder: string): DockerConfig {
  try {
    return JSON.parse(configText) as DockerConfig;
  } catch (error) {
    throw new CannotStartError(
      `${join(folder, 'config.json')} is not valid JSON: ${(error as Error).message}`,
    );
  }
}

function readLogin({ auths = {} }: DockerConfig, registry: string): RegistryLogin | undefined {
  const { auth, identitytoken } = auths[registry] ?? auths[`https://${registry}`] ?? {};
  if (identitytoken) return { serveraddress: registry, identitytoken };
  if (!auth) return undefined;
  const decoded = Buffer.from(auth, 'base64').toString();
  const colon = decoded.indexOf(':');
  return {
    serveraddress: registry,
    username: decoded.slice(0, colon),
    password: decoded.slice(colon + 1),
  };
}

/** Credential helpers are named docker-credential-NAME and write JSON. */
async function runHelper(
  name: string,
  registry: string,
  signal: AbortSignal,
): Promise<RegistryLogin | undefined> {
  const program = `docker-credential-${name}`;
  const child = spawn(program, ['get'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: HELPER_MILLISECONDS,
    signal,
  });
  // A helper that does not read its input reports its own error.
  child.stdin.on('error', () => {});
  child.stdin.end(registry);
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  try {
    const [answer, code] = await Promise.all([text(child.stdout), exit]);
    // Helpers fail if there is no login, which public images do not need.
    if (code !== 0) return undefined;
    const { Username, Secret } = JSON.parse(answer) as { Username: string; Secret: string };
    return Username === '<token>'
      ? { serveraddress: registry, identitytoken: Secret }
      : { serveraddress: registry, username: Username, password: Secret };
  } catch (error) {
    throw new CannotStartError(
      `docker's credential helper ${program} failed: ${(error as Error).message}`,
    );
  }
}
