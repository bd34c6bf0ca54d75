import { CannotStartError } from '../compute.ts';
import { engineMessage, isMissing, type Engine } from './engine.ts';

/** An image in the engine. */
export interface Image {
  /** A tag or an ID. */
  readonly name: string;
  readonly id: string;
  /** For example amd64 or arm64. */
  readonly architecture: string;
}

/** Returns null if the engine does not have the image. */
export async function inspectImage({ docker }: Engine, name: string): Promise<Image | null> {
  try {
    const { Architecture, Id } = await docker.getImage(name).inspect();
    return { name, id: Id, architecture: Architecture };
  } catch (error) {
    if (isMissing(error)) return null;
    throw new CannotStartError(engineMessage(error));
  }
}
