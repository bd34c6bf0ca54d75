import { createInterface } from 'node:readline';
import type { DeployedImage } from '../../../src/shared/image.ts';
import { CannotStartError, type OnOutputLine } from '../compute.ts';
import { createBuildProgress, type BuildMessage } from './buildProgress.ts';
import type { Platform } from './container.ts';
import { engineMessage, type Engine } from './engine.ts';
import { inspectImage, type Image } from './inspectImage.ts';
import { findRegistryLogin, registryOf } from './registryLogin.ts';

/** How long a pull may make no progress. */
const PATIENCE_SECONDS = 300;

/**
 * Sees to it that an image that was deployed is in the engine: it is pulled where it is not. What its
 * reference meant at deployment stays, whatever is tagged so afterwards.
 */
export async function ensureDeployedImage(
  engine: Engine,
  { reference, id }: DeployedImage,
  {
    platform,
    signal,
    onLine,
  }: { platform: Platform | undefined; signal: AbortSignal; onLine: OnOutputLine },
): Promise<Image> {
  const present = await inspectImage(engine, id ?? reference);
  if (present && isOf(platform, present)) return byId(present);
  await pull(engine, reference, { platform, signal, onLine });
  const pulled = await inspectImage(engine, reference);
  if (!pulled)
    throw new CannotStartError(`the image ${reference} was removed as soon as it was pulled`);
  if (!isOf(platform, pulled)) {
    throw new CannotStartError(
      `the image ${reference} is for linux/${pulled.architecture}, and --platform is ${platform}`,
    );
  }
  if (id !== null && pulled.id !== id) {
    throw new CannotStartError(
      `the image ${id}, which ${reference} was when it was deployed, is no longer in the engine, and ${reference} is another now; UpdateAgentRuntime takes it`,
    );
  }
  return byId(pulled);
}

/** A tag may mean another image the next moment. */
function byId(image: Image): Image {
  return { ...image, name: image.id };
}

function isOf(platform: Platform | undefined, { architecture }: Image): boolean {
  return platform === undefined || platform === `linux/${architecture}`;
}

async function pull(
  engine: Engine,
  reference: string,
  {
    platform,
    signal,
    onLine,
  }: { platform: Platform | undefined; signal: AbortSignal; onLine: OnOutputLine },
): Promise<void> {
  const registry = registryOf(reference);
  const login = await findRegistryLogin(registry, signal);
  const progress = createBuildProgress((text) => onLine('build', text));
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), PATIENCE_SECONDS * 1000);
  const fail = (why: string) => {
    throw new CannotStartError(
      `the image ${reference} cannot be pulled: ${why}${mend(why, registry, login !== undefined)}`,
    );
  };
  try {
    onLine('build', `Pulling the image ${reference}`);
    const messages = await engine.docker.pull(reference, {
      ...(platform && { platform }),
      authconfig: login,
      abortSignal: AbortSignal.any([signal, silence.signal]),
    });
    for await (const line of createInterface({ input: messages })) {
      timer.refresh();
      progress.take(JSON.parse(line) as BuildMessage);
    }
  } catch (error) {
    if (silence.signal.aborted) fail(`nothing came for ${PATIENCE_SECONDS} s`);
    fail(signal.aborted ? 'the emulator was closed' : engineMessage(error));
  } finally {
    clearTimeout(timer);
  }
  const failure = progress.failure();
  if (failure !== null) fail(failure);
}

function mend(why: string, registry: string, hadLogin: boolean): string {
  if (/unauthorized|authentication required|no basic auth|access denied|forbidden/i.test(why)) {
    const [, region] = /\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws/.exec(registry) ?? [];
    const login = region
      ? `aws ecr get-login-password --region ${region} | docker login --username AWS --password-stdin ${registry}`
      : `docker login ${registry}`;
    const state = hadLogin
      ? 'the login that docker keeps for it is refused'
      : 'docker keeps no login for it';
    return `. The registry is ${registry}, and ${state}: ${login}`;
  }
  if (/no matching manifest/i.test(why)) {
    return '. AWS runs linux/arm64: start the emulator with --platform linux/arm64, on an engine that can run that';
  }
  return '';
}
