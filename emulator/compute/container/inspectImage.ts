import { CannotStartError } from '../compute.ts';
import { engineMessage, isMissing, type Engine } from './engine.ts';

/** An image that is in the engine. */
export interface Image {
  /** By what the engine knows it: a tag or an id. */
  readonly name: string;
  readonly id: string;
  /** What it was made for: amd64, arm64. */
  readonly architecture: string;
}

/** The image of a name, or null where the engine has none. */
export async function inspectImage({ docker }: Engine, name: string): Promise<Image | null> {
  try {
    const { Architecture, Id } = await docker.getImage(name).inspect();
    return { name, id: Id, architecture: Architecture };
  } catch (error) {
    if (isMissing(error)) return null;
    throw new CannotStartError(engineMessage(error));
  }
}
