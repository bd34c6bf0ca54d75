import { createInterface } from 'node:readline';
import type { DeployedImage } from '../../../src/shared/image.ts';
import { CannotStartError, type OnOutputLine } from '../compute.ts';
import { createBuildProgress, type BuildMessage } from './buildProgress.ts';
import type { Platform } from './containerOptions.ts';
import { engineMessage, type Engine } from './engine.ts';
import { inspectImage, type Image } from './inspectImage.ts';
import { findRegistryLogin, findRegistryKey } from './registryLogin.ts';

/** A pull fails after this long without progress. */
const STALL_SECONDS = 300;

/**
 * Returns a deployed image, which is pulled if the engine lacks it. The image stays the one that its
 * reference named at deployment, even if the tag has moved since.
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
  if (present && matchesPlatform(platform, present)) return withIdAsName(present);
  await pull(engine, reference, { platform, signal, onLine });
  const pulled = await inspectImage(engine, reference);
  if (!pulled)
    throw new CannotStartError(`the image ${reference} was removed right after the pull`);
  if (!matchesPlatform(platform, pulled)) {
    throw new CannotStartError(
      `the image ${reference} is for linux/${pulled.architecture}, and --platform is ${platform}`,
    );
  }
  if (id !== null && pulled.id !== id) {
    throw new CannotStartError(
      `the deployed image ${id} is no longer in the engine, and ${reference} is a different image now. Call UpdateAgentRuntime to deploy the new one`,
    );
  }
  return withIdAsName(pulled);
}

/** Names an image by its ID, because a tag can move at any time. */
function withIdAsName(image: Image): Image {
  return { ...image, name: image.id };
}

function matchesPlatform(platform: Platform | undefined, { architecture }: Image): boolean {
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
  const registry = findRegistryKey(reference);
  const login = await findRegistryLogin(registry, signal);
  const progress = createBuildProgress((text) => onLine('build', text));
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(), STALL_SECONDS * 1000);
  const fail = (reason: string) => {
    throw new CannotStartError(
      `the image ${reference} cannot be pulled: ${reason}${adviseOnPull(reason, registry, login !== undefined)}`,
    );
  };
  try {
    onLine('build', `Pulling the image ${reference}`);
    const messages = await engine.docker.pull(reference, {
      ...(platform && { platform }),
      authconfig: login,
      abortSignal: AbortSignal.any([signal, stall.signal]),
    });
    for await (const line of createInterface({ input: messages })) {
      timer.refresh();
      progress.take(JSON.parse(line) as BuildMessage);
    }
  } catch (error) {
    if (stall.signal.aborted) fail(`there was no progress for ${STALL_SECONDS} s`);
    fail(signal.aborted ? 'the emulator was closed' : engineMessage(error));
  } finally {
    clearTimeout(timer);
  }
  const failure = progress.failure();
  if (failure !== null) fail(failure);
}

function adviseOnPull(reason: string, registry: string, hadLogin: boolean): string {
  if (/unauthorized|authentication required|no basic auth|access denied|forbidden/i.test(reason)) {
    const [, region] = /\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws/.exec(registry) ?? [];
    const login = region
      ? `aws ecr get-login-password --region ${region} | docker login --username AWS --password-stdin ${registry}`
      : `docker login ${registry}`;
    const state = hadLogin
      ? 'it rejected the login that docker has stored'
      : 'docker has no login for it';
    return `. The registry is ${registry}, and ${state}. Run: ${login}`;
  }
  if (/no matching manifest/i.test(reason)) {
    return '. AWS runs linux/arm64: start the emulator with --platform linux/arm64, on an engine that supports it';
  }
  return '';
}
