import { createInterface } from 'node:readline';
import type { ImageSource } from '../../../src/shared/image.ts';
import { CannotStartError, type AgentCode, type OnOutputLine } from '../compute.ts';
import { createContextReader, type BuildContext } from './buildContext.ts';
import { createBuildProgress, type BuildMessage } from './buildProgress.ts';
import type { Platform } from './containerOptions.ts';
import { platformAdvice } from './containerExit.ts';
import { ensureDeployedImage } from './deployedImage.ts';
import { engineMessage, type Engine } from './engine.ts';
import { inspectImage, type Image } from './inspectImage.ts';
import { isImageMissing } from './missingImage.ts';

/** Provides agents' images, pulled or built. Concurrent requests share a build. */
export interface Images {
  /** Reads the context while the engine connects. */
  ensure(connecting: Promise<Engine>, agent: AgentCode, onLine: OnOutputLine): Promise<Image>;
  /** True if neither the engine nor the registry has an image; false if that is not known in time. */
  isMissing(engine: Engine, reference: string): Promise<boolean>;
  /** Aborts running builds. */
  close(): void;
}

interface Build {
  readonly done: Promise<void>;
  readonly listeners: Set<OnOutputLine>;
}

/** Time to ask a registry for an image while a caller waits. */
const CHECK_MILLISECONDS = 10_000;

/** Creates the provider. Without a platform, images have the engine's own. */
export function createImages(platform: Platform | undefined): Images {
  const readContext = createContextReader();
  const builds = new Map<string, Build>();
  const closing = new AbortController();

  async function build(
    engine: Engine,
    source: ImageSource,
    context: BuildContext,
    name: string,
    print: (text: string) => void,
  ): Promise<void> {
    const progress = createBuildProgress(print);
    const messages = await engine.docker.buildImage(context.tar(), {
      t: name,
      dockerfile: source.dockerfile,
      ...(platform && { platform }),
      buildargs: source.buildArguments,
      version: chooseBuilder(engine, process.env['DOCKER_BUILDKIT']) === 'buildkit' ? '2' : '1',
      rm: true,
      forcerm: true,
      abortSignal: closing.signal,
    });
    try {
      for await (const line of createInterface({ input: messages })) {
        progress.take(JSON.parse(line) as BuildMessage);
      }
    } catch (error) {
      const reason = closing.signal.aborted ? 'the emulator was closed' : (error as Error).message;
      throw new CannotStartError(`The connection to the engine was lost: ${reason}`);
    }
    const failure = progress.failure();
    if (failure !== null)
      throw new CannotStartError(failure + adviseOnBuild(failure, engine, platform));
  }

  function join(
    name: string,
    onLine: OnOutputLine,
    start: (print: (text: string) => void) => Promise<void>,
  ) {
    const running = builds.get(name);
    if (running) {
      onLine('build', 'Waiting for another session that is building the same image');
      running.listeners.add(onLine);
      return running.done;
    }
    const listeners = new Set([onLine]);
    const done = start((text) => {
      for (const listener of listeners) listener('build', text);
    }).finally(() => builds.delete(name));
    builds.set(name, { done, listeners });
    return done;
  }

  return {
    async ensure(connecting, agent, onLine) {
      const source = agent.image;
      if (source === null)
        throw new CannotStartError('it has no Dockerfile. A container needs one');
      if ('reference' in source) {
        return ensureDeployedImage(await connecting, source, {
          platform,
          signal: closing.signal,
          onLine,
        });
      }
      const reading = readContext(source).catch((error: Error) => {
        throw new CannotStartError(`its build context cannot be read: ${error.message}`);
      });
      const [engine, context] = await Promise.all([connecting, reading]);
      const tag = [context.digest.slice(0, 16), ...(platform?.split('/').slice(1) ?? [])].join('-');
      const name = `agentcore-workbench/${agent.id.toLowerCase()}:${tag}`;
      const matchesPlatform = ({ architecture }: Image) =>
        platform === undefined || platform === `linux/${architecture}`;
      const found = await inspectImage(engine, name);
      if (found && matchesPlatform(found)) return found;
      await join(name, onLine, async (print) => {
        print(`Building the image of ${agent.id} from ${source.dockerfile}`);
        for (const message of context.missing) print(message);
        await build(engine, source, context, name, print);
        void removeOlder(engine, name).catch((error: unknown) =>
          print(`Older images could not be removed: ${engineMessage(error)}`),
        );
      }).catch((error: unknown) => {
        throw new CannotStartError(`its image could not be built. ${engineMessage(error)}`);
      });
      const built = (await inspectImage(engine, name)) ?? throwRemoved(name);
      // Builders use a local base image even if it has the wrong platform.
      if (!matchesPlatform(built)) throw new CannotStartError(explainPlatform(built, platform));
      return built;
    },
    isMissing: (engine, reference) =>
      isImageMissing(
        engine,
        reference,
        AbortSignal.any([closing.signal, AbortSignal.timeout(CHECK_MILLISECONDS)]),
      ),
    close: () => closing.abort(),
  };
}

/** Honors DOCKER_BUILDKIT like the docker command; otherwise uses the engine's default. */
function chooseBuilder({ isDocker, builder }: Engine, chosen: string | undefined) {
  // Other engines have one builder, which supports BuildKit's features.
  if (!chosen || !isDocker) return builder;
  return chosen === '0' || chosen === 'false' ? 'classic' : 'buildkit';
}

/** Images that are kept for an agent, so that going back to the previous code needs no build. */
const KEPT_IMAGES = 2;

/** Removes an agent's older images, except those in use by containers. */
async function removeOlder({ docker }: Engine, name: string): Promise<void> {
  const [repository = '', newest] = name.split(':');
  const images = await docker.listImages({ filters: { reference: [repository] } });
  const older = images
    .toSorted((a, b) => b.Created - a.Created)
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .filter((tag) => !tag.endsWith(`:${newest}`));
  for (const tag of older.slice(KEPT_IMAGES - 1)) {
    // The engine refuses while a container uses the image. A later build removes it.
    await docker
      .getImage(tag)
      .remove()
      .catch(() => {});
  }
}

function throwRemoved(name: string): never {
  throw new CannotStartError(`its image ${name} was removed right after the build`);
}

function explainPlatform({ architecture }: Image, platform: Platform | undefined): string {
  return `its image was built for linux/${architecture}, because the local base image or the Dockerfile has that platform. Run docker pull --platform ${platform} for the base image, or omit --platform ${platform}`;
}

/** Advice on common build failures. */
function adviseOnBuild(
  failure: string,
  { architecture }: Engine,
  platform: Platform | undefined,
): string {
  if (/exec format error/.test(failure)) {
    return `\nThe step runs programs for an architecture other than the engine's (${architecture}). To fix it, ${platformAdvice(architecture, platform)}, or install emulation with docker run --privileged --rm tonistiigi/binfmt --install all`;
  }
  if (/requires BuildKit/.test(failure)) {
    return '\nSet DOCKER_BUILDKIT=1 to build with BuildKit.';
  }
  if (/pull access denied|unauthorized|authentication required|no basic auth/i.test(failure)) {
    return '\nThe emulator builds without your registry logins. Run docker pull for the base image first.';
  }
  return '';
}
