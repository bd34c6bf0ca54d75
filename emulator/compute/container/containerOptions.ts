/** Processors and memory of a container. */
export interface ContainerSize {
  readonly processors: number;
  readonly memoryMegabytes: number;
}

/** The supported platforms. AWS runs the first. */
export const platforms = ['linux/arm64', 'linux/amd64'] as const;

/** A platform in the notation of images. */
export type Platform = (typeof platforms)[number];

/** Settings of containers. The defaults are AWS's size and the engine's own platform. */
export interface ContainerOptions {
  readonly processors?: number | undefined;
  readonly memoryMegabytes?: number | undefined;
  readonly platform?: Platform | undefined;
}
