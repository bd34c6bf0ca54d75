/** What a session's machine is made from. */
export interface MachineSpec {
  /** The folder that holds the machine's files: working copy, home, temporary folder. */
  readonly folder: string;
  /** The project's root and the agent's code below it. */
  readonly root: string;
  readonly code: string;
  readonly entrypoint: string;
  readonly language: 'node' | 'python';
  /** The port that the agent believes it listens on, by its protocol. */
  readonly contractPort: number;
  /** Variables that are the session's own: the agent's settings and the emulator's endpoints. */
  readonly environment: Readonly<Record<string, string>>;
}

/** How a machine ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A running compute that belongs to one session. */
export interface Machine {
  readonly identity: MachineIdentity;
  /** Resolves with the real port once the agent listens; pends for ever if it never does. */
  readonly listening: Promise<number>;
  readonly exited: Promise<Exit>;
  /** Asks it to end, and after a grace period ends it with all it started. */
  stop(): Promise<Exit>;
}

/** Why a machine could not even be made, in words for the developer. */
export class CannotStart extends Error {}

/** By what a developer finds a machine on the computer that runs it. */
export type MachineIdentity = { readonly kind: 'process'; readonly pid: number };

/** A way of running machines. */
export interface Compute {
  readonly kind: MachineIdentity['kind'];
  /** Where the emulator is for what runs in such a machine. */
  emulatorUrl(): string;
  start(
    spec: MachineSpec,
    onLine: (stream: 'stdout' | 'stderr', text: string) => void,
  ): Promise<Machine>;
}

/** How a developer reads an exit. */
export function describeExit({ code, signal }: Exit): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}
