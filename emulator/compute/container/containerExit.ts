import { constants } from 'node:os';
import type Docker from 'dockerode';
import type { MachineExit } from '../compute.ts';
import type { ContainerSize, Platform } from './container.ts';
import type { Engine } from './engine.ts';
import type { Image } from './inspectImage.ts';

/** What of a container's making explains how it ended. */
export interface ContainerCreation {
  readonly engine: Engine;
  readonly image: Image;
  readonly size: ContainerSize;
  /** What was asked for, if anything. */
  readonly platform: Platform | undefined;
}

/** How a container ended, by what its engine knows and what it had printed. */
export function readContainerExit(
  state: Docker.ContainerInspectInfo['State'],
  making: ContainerCreation,
  hasSaid: (words: RegExp) => boolean,
): MachineExit {
  const exit = { code: state.ExitCode, signal: null };
  if (state.OOMKilled) {
    return {
      ...exit,
      why: `out of memory: its machine has ${making.size.memoryMegabytes / 1024} GB`,
    };
  }
  const why = hasSaid(CANNOT_EXECUTE) ? explainForeign(making) : null;
  if (why !== null) return { ...exit, why };
  const known = state.Error || signalBehind(state.ExitCode);
  return known ? { ...exit, why: known } : exit;
}

/** The signal that a code stands for where processes are told by numbers how others ended. */
function signalBehind(code: number): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
}

/** Why a container could not be started, from the engine's words. */
export function explainStart(words: string, making: ContainerCreation): string {
  const why = CANNOT_EXECUTE.test(words) ? explainForeign(making) : null;
  return `its container could not be started: ${words}${why === null ? '' : ` (${why})`}`;
}

/** What is printed in a container whose program cannot be run, by itself or by the init before it. */
const CANNOT_EXECUTE = /exec format error|exec \S+ failed/i;

function explainForeign({
  image,
  engine: { architecture },
  platform,
}: ContainerCreation): string | null {
  if (image.architecture === architecture) return null;
  return `the image is made for linux/${image.architecture} and this engine runs linux/${architecture}: ${platformAdvice(architecture, platform)}, or install emulation with docker run --privileged --rm tonistiigi/binfmt --install ${image.architecture}`;
}

/** How to come to programs that an engine runs by itself. */
export function platformAdvice(architecture: string, asked: Platform | undefined): string {
  return asked ? `leave out --platform ${asked}` : `build it for linux/${architecture}`;
}
