/** An existing image, in the engine or a registry. */
export interface DeployedImage {
  /** Image reference, as `docker pull` accepts it. */
  readonly reference: string;
  /** ID that the reference resolved to at deployment; null before. */
  readonly id: string | null;
}

/** Build input of an agent's container image. */
export interface ImageSource {
  /** Build context folder. */
  readonly context: string;
  /** Path of the Dockerfile within the context, with slashes. */
  readonly dockerfile: string;
  readonly buildArguments: Readonly<Record<string, string>>;
  /** Ignore patterns for a context without a .dockerignore, in the format of that file. */
  readonly leftOut: readonly string[];
}
