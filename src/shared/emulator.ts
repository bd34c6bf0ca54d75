import type { LogLine, SessionSummary, TimelineEntry } from './session.ts';

/** Where a project's emulator keeps its data, unless it is told otherwise. */
export const DATA_FOLDER = '.agentcore';

/** The folder in there with the conversations of its page. */
export const CONVERSATIONS_FOLDER = 'conversations';

/** The file in there that holds the emulator's ready message while it serves. */
export const READY_FILE = 'ready.json';

/** The first line that the emulator prints on standard output. */
export interface ReadyMessage {
  readonly type: 'ready';
  readonly url: string;
  readonly pid: number;
}

/** An emulator's URL for logs, messages and windows. Its token, which opens everything, is left out. */
export function withoutToken(url: string): string {
  return url.replace(/\/(?:@|%40)[^/?#]*/i, '');
}

/** Where a runtime is on its way, in AWS's words. */
export type RuntimeStatus =
  | 'CREATING'
  | 'CREATE_FAILED'
  | 'UPDATING'
  | 'UPDATE_FAILED'
  | 'READY'
  | 'DELETING'
  | 'DELETE_FAILED';

/** The protocols that AgentCore knows. */
export type AgentProtocol = 'HTTP' | 'MCP' | 'A2A' | 'AGUI';

/** An agent of the project, or one that was deployed, as the admin API lists it. */
export interface AgentSummary {
  readonly runtimeId: string;
  readonly arn: string;
  readonly name: string;
  readonly protocol: AgentProtocol;
  /** Null where only its image knows. */
  readonly language: 'node' | 'python' | null;
  /** By which it is invoked, and the version that each leads new sessions to. */
  readonly endpoints: readonly { readonly name: string; readonly version: string }[];
  readonly status: RuntimeStatus;
  /** How many machines wait for a session, ready and asleep. */
  readonly warm: number;
}

/** State of an emulator. */
export interface EmulatorHealth {
  readonly status: 'ready';
  readonly version: string;
  readonly url: string;
  readonly pid: number;
  readonly uptimeSeconds: number;
  /** `available`, or the reason why not. */
  readonly compute: { readonly process: string; readonly container: string };
}

/** Virtual and real time, ISO-8601. */
export interface ClockReading {
  readonly now: string;
  readonly realNow: string;
  /** How far virtual time is ahead of real time. */
  readonly offsetSeconds: number;
  /** The emulator's next start sets the clock back to real time. */
  readonly resetsAtNextStart: boolean;
}

/** Which life of which session something is about. */
export interface SessionRun {
  readonly runtimeId: string;
  readonly sessionId: string;
  readonly run: number;
}

/** What `GET /_emulator/events` streams. */
export type EmulatorEvent =
  | { readonly type: 'session'; readonly session: SessionSummary }
  | { readonly type: 'timeline'; readonly of: SessionRun; readonly entry: TimelineEntry }
  | { readonly type: 'log'; readonly of: SessionRun; readonly line: LogLine }
  | { readonly type: 'clock'; readonly clock: ClockReading };
