import { constants } from 'node:os';
import type Docker from 'dockerode';
import type { MachineExit } from '../compute.ts';
import type { ContainerSize, Platform } from './containerOptions.ts';
import type { Engine } from './engine.ts';
import type { Image } from './inspectImage.ts';

/** Properties of a container's creation that help to explain its exit. */
export interface ContainerCreation {
  readonly engine: Engine;
  readonly image: Image;
  readonly size: ContainerSize;
  /** The requested platform, if any. */
  readonly platform: Platform | undefined;
}

/** Reads a container's exit from the engine's state and the container's output. */
export function readContainerExit(
  state: Docker.ContainerInspectInfo['State'],
  creation: ContainerCreation,
  hasPrinted: (pattern: RegExp) => boolean,
): MachineExit {
  const exit = { code: state.ExitCode, signal: null };
  if (state.OOMKilled) {
    return {
      ...exit,
      reason: `out of memory: the machine has ${creation.size.memoryMegabytes / 1024} GB`,
    };
  }
  const reason = hasPrinted(CANNOT_EXECUTE) ? explainArchitecture(creation) : null;
  if (reason !== null) return { ...exit, reason };
  const known = state.Error || findSignal(state.ExitCode);
  return known ? { ...exit, reason: known } : exit;
}

/** Returns the signal that an exit code above 128 stands for. */
function findSignal(code: number): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
}

/** Explains a failed start with the engine's message. */
export function explainStart(message: string, creation: ContainerCreation): string {
  const reason = CANNOT_EXECUTE.test(message) ? explainArchitecture(creation) : null;
  return `its container could not be started: ${message}${reason === null ? '' : ` (${reason})`}`;
}

/** Output of a container whose program has the wrong architecture. */
const CANNOT_EXECUTE = /exec format error|exec \S+ failed/i;

function explainArchitecture({
  image,
  engine: { architecture },
  platform,
}: ContainerCreation): string | null {
  if (image.architecture === architecture) return null;
  return `the image is for linux/${image.architecture} and this engine runs linux/${architecture}. To fix it, ${platformAdvice(architecture, platform)}, or install emulation with docker run --privileged --rm tonistiigi/binfmt --install ${image.architecture}`;
}

/** Advises how to get an image that the engine runs natively. */
export function platformAdvice(architecture: string, requested: Platform | undefined): string {
  return requested ? `omit --platform ${requested}` : `build it for linux/${architecture}`;
}
