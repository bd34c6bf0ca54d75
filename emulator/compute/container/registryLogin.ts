import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CannotStartError } from '../compute.ts';

/** A developer's login to a registry, as the engine takes it. */
export interface RegistryLogin {
  readonly serveraddress: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
}

/** What the docker command has written down about logins. */
interface DockerConfig {
  readonly auths?: Readonly<
    Record<string, { readonly auth?: string; readonly identitytoken?: string }>
  >;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

/** The docker command keeps the login to Docker's own registry by this name. */
const DOCKER_HUB = 'https://index.docker.io/v1/';

/** How long a program that keeps logins may take, which may ask its user. */
const HELPER_MILLISECONDS = 60_000;

/** The registry that an image's reference names, as logins are kept by it. */
export function registryOf(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  const isHost = rest.length > 0 && /[.:]|^localhost$/.test(first);
  return isHost && first !== 'docker.io' ? first : DOCKER_HUB;
}

/** The login that the docker command would use: from its file, or from the program that keeps it. */
export async function findRegistryLogin(
  registry: string,
  signal: AbortSignal,
): Promise<RegistryLogin | undefined> {
  const folder = process.env['DOCKER_CONFIG'] || join(homedir(), '.docker');
  const written = await readFile(join(folder, 'config.json'), 'utf8').catch(() => '{}');
  const config = parseConfig(written, folder);
  const helper = config.credHelpers?.[registry] ?? config.credsStore;
  if (helper !== undefined) return askHelper(helper, registry, signal);
  return loginOf(config, registry);
}

function parseConfig(written: string, folder: string): DockerConfig {
  try {
    return JSON.parse(written) as DockerConfig;
  } catch (error) {
    throw new CannotStartError(
      `${join(folder, 'config.json')} is not valid JSON: ${(error as Error).message}`,
    );
  }
}

function loginOf({ auths = {} }: DockerConfig, registry: string): RegistryLogin | undefined {
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

/** Programs that keep logins are called docker-credential-NAME and answer in JSON. */
async function askHelper(
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
  // One that does not read what it is asked has its own words for that.
  child.stdin.on('error', () => {});
  child.stdin.end(registry);
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  try {
    const [answer, code] = await Promise.all([text(child.stdout), exit]);
    // It ends so where it has no login; an image that is public needs none.
    if (code !== 0) return undefined;
    const { Username, Secret } = JSON.parse(answer) as { Username: string; Secret: string };
    return Username === '<token>'
      ? { serveraddress: registry, identitytoken: Secret }
      : { serveraddress: registry, username: Username, password: Secret };
  } catch (error) {
    throw new CannotStartError(
      `docker's logins are kept by ${program}, which does not answer: ${(error as Error).message}`,
    );
  }
}
