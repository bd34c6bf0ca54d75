import { createInterface } from 'node:readline';
import type { ImageSource } from '../../../src/shared/image.ts';
import { CannotStartError, type AgentCode, type OnOutputLine } from '../compute.ts';
import { createContextReader, type BuildContext } from './buildContext.ts';
import { createBuildProgress, type BuildMessage } from './buildProgress.ts';
import type { Platform } from './container.ts';
import { platformAdvice } from './containerExit.ts';
import { ensureDeployedImage } from './deployedImage.ts';
import { engineMessage, type Engine } from './engine.ts';
import { inspectImage, type Image } from './inspectImage.ts';

/** The images of agents: pulled or built. Built when their context has changed, and once however many wait. */
export interface Images {
  /** The context is read while the engine is still being asked for. */
  ensure(connecting: Promise<Engine>, agent: AgentCode, onLine: OnOutputLine): Promise<Image>;
  /** Breaks off what is being built. */
  close(): void;
}

interface Build {
  readonly done: Promise<void>;
  readonly listeners: Set<OnOutputLine>;
}

/** No image is looked at yet. Without a platform they are of the engine's own. */
export function createImages(platform: Platform | undefined): Images {
  const readContext = createContextReader();
  const builds = new Map<string, Build>();
  const closing = new AbortController();

  async function build(
    engine: Engine,
    source: ImageSource,
    context: BuildContext,
    name: string,
    say: (text: string) => void,
  ): Promise<void> {
    const progress = createBuildProgress(say);
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
      const why = closing.signal.aborted ? 'the emulator was closed' : (error as Error).message;
      throw new CannotStartError(`The engine's answer broke off: ${why}`);
    }
    const failure = progress.failure();
    if (failure !== null) throw new CannotStartError(failure + mend(failure, engine, platform));
  }

  function join(
    name: string,
    onLine: OnOutputLine,
    start: (say: (text: string) => void) => Promise<void>,
  ) {
    const running = builds.get(name);
    if (running) {
      onLine('build', 'Another session waits for the same image, which is being built');
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
        throw new CannotStartError('it has no Dockerfile to build a container from');
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
      const isWanted = ({ architecture }: Image) =>
        platform === undefined || platform === `linux/${architecture}`;
      const found = await inspectImage(engine, name);
      if (found && isWanted(found)) return found;
      await join(name, onLine, async (say) => {
        say(`Building the image of ${agent.id} from ${source.dockerfile}`);
        for (const what of context.missing) say(what);
        await build(engine, source, context, name, say);
        void removeOlder(engine, name).catch((error: unknown) =>
          say(`Its older images could not be looked for: ${engineMessage(error)}`),
        );
      }).catch((error: unknown) => {
        throw new CannotStartError(`its image could not be built. ${engineMessage(error)}`);
      });
      const built = (await inspectImage(engine, name)) ?? lost(name);
      // Builders take a base image that is there, whatever platform they were asked for.
      if (!isWanted(built)) throw new CannotStartError(explainOther(built, platform));
      return built;
    },
    close: () => closing.abort(),
  };
}

/** Whoever sets DOCKER_BUILDKIT has chosen, as with the docker command; else the engine has. */
function chooseBuilder({ isDocker, builder }: Engine, chosen: string | undefined) {
  // Others have one builder, which can do what BuildKit can.
  if (!chosen || !isDocker) return builder;
  return chosen === '0' || chosen === 'false' ? 'classic' : 'buildkit';
}

/** How many images of an agent stay, so that one who goes back to the code before builds nothing. */
const KEPT_IMAGES = 2;

/** Removes what an agent's image was before, except for what containers still run on. */
async function removeOlder({ docker }: Engine, name: string): Promise<void> {
  const [repository = '', newest] = name.split(':');
  const images = await docker.listImages({ filters: { reference: [repository] } });
  const older = images
    .toSorted((a, b) => b.Created - a.Created)
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .filter((tag) => !tag.endsWith(`:${newest}`));
  for (const tag of older.slice(KEPT_IMAGES - 1)) {
    // The engine refuses where a container needs it; then it goes with a later one.
    await docker
      .getImage(tag)
      .remove()
      .catch(() => {});
  }
}

function lost(name: string): never {
  throw new CannotStartError(`its image ${name} was removed as soon as it had been built`);
}

function explainOther({ architecture }: Image, platform: Platform | undefined): string {
  return `its image was built for linux/${architecture}, because its base image is here for no other platform or the Dockerfile names it: docker pull --platform ${platform} the base image, or leave out --platform ${platform}`;
}

/** What to do about the failures that many meet. */
function mend(failure: string, { architecture }: Engine, platform: Platform | undefined): string {
  if (/exec format error/.test(failure)) {
    return `\nThe step runs programs of another architecture than this engine's, which is ${architecture}: ${platformAdvice(architecture, platform)}, or install emulation with docker run --privileged --rm tonistiigi/binfmt --install all`;
  }
  if (/requires BuildKit/.test(failure)) {
    return '\nSet DOCKER_BUILDKIT=1, and the emulator builds with BuildKit.';
  }
  if (/pull access denied|unauthorized|authentication required|no basic auth/i.test(failure)) {
    return '\nThe emulator builds without your logins to registries; docker pull the base image first.';
  }
  return '';
}
