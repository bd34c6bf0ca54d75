import type { Readable, Writable } from 'node:stream';
import type { DeployedImage, ImageSource } from '../../src/shared/image.ts';
import type { LogLine } from '../../src/shared/session.ts';
import type { PortRange } from '../../src/shared/portRange.ts';

/** The properties of an agent that determine its machines. */
export interface AgentCode {
  /** The runtime's ID, which identifies caches for the agent's next machines. */
  readonly id: string;
  /** The project's root. The code is below it. */
  readonly root: string;
  readonly code: string;
  /** Null, like the language, if only a Dockerfile defines what runs. */
  readonly entrypoint: string | null;
  readonly language: 'node' | 'python' | null;
  /** AWS's runtime, such as PYTHON_3_12 or NODE_22. */
  readonly runtimeVersion: string | undefined;
  /** True for deployed code, which never changes and gets no packages installed. */
  readonly isDeployed: boolean;
  /** True if OpenTelemetry should instrument the program, if it is installed. */
  readonly isInstrumented: boolean;
  /** True on platform V2, where sessions are restored from a snapshot of the loaded program. */
  readonly isSnapshotted: boolean;
  /** Null for an agent without a Dockerfile that was not deployed as an image. */
  readonly image: ImageSource | DeployedImage | null;
  /** The port that the agent's protocol prescribes. */
  readonly contractPort: number;
  /** Further ports of the machine that the emulator connects to. */
  readonly allowedPorts?: readonly PortRange[];
  /** Mount paths of session storage: folders directly under /mnt. */
  readonly mounts: readonly string[];
}

/** An agent whose code can be started directly. */
export interface ProgramCode extends AgentCode {
  readonly entrypoint: string;
  readonly language: 'node' | 'python';
}

/** Storage at a machine's mounts that outlives the machine. */
export interface MachineStorage {
  /** A unique name, by which a machine finds the files of an earlier one. */
  readonly id: string;
  readonly mounts: readonly string[];
}

/** The specification of a session's machine. */
export interface MachineSpec extends AgentCode {
  /** The folder of the machine's working copy, home and temporary folder. */
  readonly folder: string;
  /** The session's own variables: the agent's settings and the emulator's endpoints. */
  readonly environment: Readonly<Record<string, string>>;
  /** Null for an agent without mounts. */
  readonly storage: MachineStorage | null;
}

/** The end of a machine. Code and signal are both null if the machine was lost. */
export interface MachineExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** Explains the exit to the developer. */
  readonly reason?: string | undefined;
  /** The fix: a sentence, and a line to type. */
  readonly fix?: string | undefined;
}

/** Receives each line that the agent, or the build of its image, prints. */
export type OnOutputLine = (stream: LogLine['stream'], text: string) => void;

/** A running compute that belongs to one session. */
export interface Machine {
  readonly identity: MachineIdentity;
  /** Resolves with the real port once the agent listens; never settles otherwise. */
  readonly listening: Promise<number>;
  /** Returns the real port of an allowed port; null if nothing listens on it, as far as known. */
  findPort(port: number): Promise<number | null>;
  /** Describes the other ports that the agent listens on, if that can be determined. */
  listensElsewhere(): Promise<string | null>;
  /** Returns what the program did while it loaded; null if that was not recorded. */
  readLoadReport(): Promise<LoadReport | null>;
  readonly exited: Promise<MachineExit>;
  /**
   * Runs a shell command beside the agent: in its folder, with its environment, home, /mnt and
   * network. Rejects with CannotStartError.
   */
  run(command: string): Promise<RunningCommand>;
  /** Opens an interactive shell in the same context. Rejects with CannotStartError. */
  openTerminal(): Promise<Terminal>;
  /** Suspends the machine, so that it uses no CPU time. It can still be stopped. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Asks the machine to end, and after a grace period kills it with everything it started. */
  stop(): Promise<MachineExit>;
}

/** The record of a program from its start to the emulator's first connection. */
export interface LoadReport {
  readonly calls: readonly LoadCall[];
  /** The program's own modules, without packages. */
  readonly modules: readonly LoadedModule[];
}

/** A call whose result depends on the time, on chance or on another computer. */
export interface LoadCall {
  /** The function as its language writes it: `uuid.uuid4()`. */
  readonly call: string;
  /** The nearest place in the program's own code, relative to its root. Null if only a package has it. */
  readonly place: { readonly file: string; readonly line: number } | null;
  /** The function at that place; null at the top level of a module. */
  readonly inFunction: string | null;
  /** The package that the program's own code called, or node or python; null for a direct call. */
  readonly package: string | null;
  /** The host, address or URL that was called. */
  readonly target: string | null;
  /** True if the call's connection was still open at the end. */
  readonly isOpen: boolean;
  /** True if Node keeps random bytes of this call for later ones. */
  readonly fillsCache: boolean;
}

/** The source of a module, by its path relative to the program's root. */
export interface LoadedModule {
  readonly file: string;
  readonly text: string;
}

/** A command in a machine. Its background processes keep running until the machine ends. */
export interface RunningCommand {
  /** The output as it arrives, with backpressure. It ends with the command. */
  readonly output: AsyncIterable<OutputChunk>;
  readonly exited: Promise<CommandExit>;
  /** Stops reading. The command keeps running, and its output is dropped. */
  discard(): void;
  /** Kills the command with everything that it started. */
  kill(): void;
}

/** A piece of a command's output. */
export interface OutputChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

/** An interactive shell in a terminal, which has 80 columns and 24 rows at first. */
export interface Terminal {
  /** The terminal's output, with backpressure. It ends with the shell. */
  readonly output: Readable;
  readonly input: Writable;
  /** Resolves when the new size is set. */
  resize(size: TerminalSize): Promise<void>;
  readonly exited: Promise<CommandExit>;
  /** Ends the shell like a closed terminal. Processes that ignore the hang-up keep running. */
  hangUp(): void;
}

/** Columns and rows, in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** The exit of a command or shell; `withMachine` if its machine ended first. */
export type CommandExit =
  { readonly withMachine: false; readonly code: number } | { readonly withMachine: true };

/** A machine, or a command in it, could not be started. The message is for the developer. */
export class CannotStartError extends Error {}

/** Identifies a machine on the developer's computer. */
export type MachineIdentity =
  | { readonly kind: 'process'; readonly pid: number }
  | { readonly kind: 'container'; readonly containerId: string };

/** Runs machines of one kind. */
export interface Compute {
  readonly kind: MachineIdentity['kind'];
  /**
   * Prepares everything that an agent's machines need. AWS does this at deployment, so it does not
   * count toward the start-up time.
   */
  prepare(agent: AgentCode, onLine: OnOutputLine): Promise<PreparedCompute>;
  /** Removes a storage. No machine that uses it is running. */
  removeStorage(id: string): Promise<void>;
  /** Releases resources. All machines have ended. */
  close(): Promise<void>;
}

/** A compute that can start an agent's machines immediately. */
export interface PreparedCompute {
  /** The emulator's URL as seen from inside a machine. */
  readonly emulatorUrl: string;
  /** The ID of the image; null where there is none. */
  readonly image: string | null;
  start(spec: MachineSpec, onLine: OnOutputLine): Promise<Machine>;
}

/** Describes an exit for the developer. */
export function describeExit({ code, signal, reason }: MachineExit): string {
  const known = code === null ? 'an unknown exit code' : `exit code ${code}`;
  return (
    (signal === null ? known : `signal ${signal}`) + (reason === undefined ? '' : ` (${reason})`)
  );
}

/** Appends the fix and the last output to a sentence about an exit. */
export function exitAdvice({ fix }: MachineExit, quote: string): string {
  return fix === undefined ? quote : ` ${fix}\n${quote.trimStart()}`;
}
