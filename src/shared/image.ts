/** An image that is there, in the engine or in a registry. */
export interface DeployedImage {
  /** As docker pull takes it. */
  readonly reference: string;
  /** What that meant when it was deployed; null until then. */
  readonly id: string | null;
}

/** From what an agent's container image is built. */
export interface ImageSource {
  /** The folder that is sent to the engine. */
  readonly context: string;
  /** The path of the Dockerfile in it, with slashes. */
  readonly dockerfile: string;
  readonly buildArguments: Readonly<Record<string, string>>;
  /** What is left out of a context that has no .dockerignore, in the form of that file. */
  readonly leftOut: readonly string[];
}
