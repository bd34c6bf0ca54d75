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
