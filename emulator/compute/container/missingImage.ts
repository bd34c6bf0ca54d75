import { engineMessage, type Engine } from './engine.ts';
import { inspectImage } from './inspectImage.ts';
import { findRegistryKey, findRegistryLogin } from './registryLogin.ts';

/**
 * True if neither the engine nor the registry has an image. False if that is unknown because the
 * registry cannot be reached, requires a login, or the engine cannot ask it.
 */
export async function isImageMissing(
  engine: Engine,
  reference: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    if (await inspectImage(engine, reference)) return false;
    const login = await findRegistryLogin(findRegistryKey(reference), signal);
    const image = engine.docker.getImage(reference);
    await Promise.race([image.distribution({ authconfig: login }), whenAborted(signal)]);
    return false;
  } catch (error) {
    return saysMissing(engineMessage(error), reference);
  }
}

/** True if an engine's message about an image says that its registry does not have it. */
function saysMissing(message: string, reference: string): boolean {
  if (/manifest unknown|name unknown/i.test(message)) return true;
  // Engines without this call answer "Not Found" about the call itself.
  return message.includes(reference) && /not found/i.test(message);
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('the check was canceled')));
  });
}
