import type { Readable, Writable } from 'node:stream';
import type { DeployedImage, ImageSource } from '../../src/shared/image.ts';
import type { LogLine } from '../../src/shared/session.ts';

/** What of an agent decides how its machines are made. */
export interface AgentCode {
  /** The runtime's id: what is kept for this agent's next machines is kept by it. */
  readonly id: string;
  /** The project's root and the agent's code below it. */
  readonly root: string;
  readonly code: string;
  /** Both null where only a Dockerfile says what is run. */
  readonly entrypoint: string | null;
  readonly language: 'node' | 'python' | null;
  /** What AWS would run it on, in AWS's words: PYTHON_3_12, NODE_22. */
  readonly runtimeVersion: string | undefined;
  /** It is as AWS was given it: nobody changes it, and nothing is installed beside it. */
  readonly isDeployed: boolean;
  /** Its program is to be run by OpenTelemetry, where that is among its packages. */
  readonly isInstrumented: boolean;
  /** Null where the agent has no Dockerfile, and was not deployed as an image. */
  readonly image: ImageSource | DeployedImage | null;
  /** The port that the agent believes it listens on, by its protocol. */
  readonly contractPort: number;
  /** Where in its machines the session's storage is: folders directly under /mnt. */
  readonly mounts: readonly string[];
}

/** An agent whose code can be started as it is. */
export interface ProgramCode extends AgentCode {
  readonly entrypoint: string;
  readonly language: 'node' | 'python';
}

/** What outlives a session's machines: what they find at their mounts. */
export interface MachineStorage {
  /** A name that is used only once; by it a machine finds what an earlier one left. */
  readonly id: string;
  readonly mounts: readonly string[];
}

/** What a session's machine is made from. */
export interface MachineSpec extends AgentCode {
  /** The folder that holds the machine's files: working copy, home, temporary folder. */
  readonly folder: string;
  /** Variables that are the session's own: the agent's settings and the emulator's endpoints. */
  readonly environment: Readonly<Record<string, string>>;
  /** Null where the agent has no mounts. */
  readonly storage: MachineStorage | null;
}

/** How a machine ended; neither code nor signal is known of one that was lost. */
export interface MachineExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** What is known beyond the number, in words for the developer. */
  readonly why?: string | undefined;
  /** What can be done about it: a sentence, and a line to type. */
  readonly mend?: string | undefined;
}

/** Where a line was printed: by the agent, or by the build of what it runs in. */
export type OnOutputLine = (stream: LogLine['stream'], text: string) => void;

/** A running compute that belongs to one session. */
export interface Machine {
  readonly identity: MachineIdentity;
  /** Resolves with the real port once the agent listens; pends for ever if it never does. */
  readonly listening: Promise<number>;
  /** A sentence about where it listens instead, where that can be seen. */
  listensElsewhere(): Promise<string | null>;
  readonly exited: Promise<MachineExit>;
  /**
   * Runs a shell's command beside the agent: in its folder, with its environment, home, /mnt and
   * network. Rejects with CannotStart.
   */
  run(command: string): Promise<RunningCommand>;
  /** Opens an interactive shell in the same place, in a terminal of its own. Rejects with CannotStart. */
  openTerminal(): Promise<Terminal>;
  /** Halts it where it is, so that it takes no processor's time; it can be stopped all the same. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Asks it to end, and after a grace period ends it with all it started. */
  stop(): Promise<MachineExit>;
}

/** A command in a machine. What it leaves running when it ends runs on, and ends with the machine. */
export interface RunningCommand {
  /** What it prints, as it comes; who reads slowly slows it down. It ends when the command has. */
  readonly output: AsyncIterable<OutputChunk>;
  readonly exited: Promise<CommandExit>;
  /** Nobody reads any more: it runs on, and what it prints is lost. */
  discard(): void;
  /** Ends it at once, with all that it started. */
  kill(): void;
}

/** Some of what a command printed. */
export interface OutputChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

/** An interactive shell in a terminal of 80 columns and 24 rows, until it is given another size. */
export interface Terminal {
  /** What it shows; it stands still while nobody reads. It ends when the shell has. */
  readonly output: Readable;
  readonly input: Writable;
  /** Resolves when what runs in it has been told. */
  resize(size: TerminalSize): Promise<void>;
  readonly exited: Promise<CommandExit>;
  /** Ends the shell as a terminal does that is closed: what it left behind on purpose runs on. */
  hangUp(): void;
}

/** In characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** How a command or a shell ended: by itself or by a signal, unless it was cut off by its machine's end. */
export type CommandExit =
  { readonly withMachine: false; readonly code: number } | { readonly withMachine: true };

/** Why a machine, or a command in it, could not even be made, in words for the developer. */
export class CannotStartError extends Error {}

/** By what a developer finds a machine on the computer that runs it. */
export type MachineIdentity =
  | { readonly kind: 'process'; readonly pid: number }
  | { readonly kind: 'container'; readonly containerId: string };

/** A way of running machines. */
export interface Compute {
  readonly kind: MachineIdentity['kind'];
  /**
   * Sees to all that an agent's machines need before one can be made. In AWS this is done when an
   * agent is deployed, so the time that a start may take does not run yet.
   */
  prepare(agent: AgentCode, onLine: OnOutputLine): Promise<PreparedCompute>;
  /** Removes what machines left in a storage, if anything; none of them runs any more. */
  removeStorage(id: string): Promise<void>;
  /** Gives back what it holds, once its machines have ended, which whoever started them stops. */
  close(): Promise<void>;
}

/** Where an agent's machines can be made at once. */
export interface PreparedCompute {
  /** Where the emulator is for what runs in such a machine. */
  readonly emulatorUrl: string;
  /** The id of the image that they are made from; null where there is none. */
  readonly image: string | null;
  start(spec: MachineSpec, onLine: OnOutputLine): Promise<Machine>;
}

/** How a developer reads an exit. */
export function describeExit({ code, signal, why }: MachineExit): string {
  const known = code === null ? 'an unknown exit code' : `exit code ${code}`;
  return (signal === null ? known : `signal ${signal}`) + (why === undefined ? '' : ` (${why})`);
}

/** What follows a sentence about an end: what can be done, and what was printed last. */
export function exitAdvice({ mend }: MachineExit, quote: string): string {
  return mend === undefined ? quote : ` ${mend}\n${quote.trimStart()}`;
}
