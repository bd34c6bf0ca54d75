import type { LogLine, SessionSummary, TimelineEntry } from './session.ts';

/** Default data folder of a project's emulator. */
export const DATA_FOLDER = '.agentcore';

/** Folder within the data folder with the conversations of the chat page. */
export const CONVERSATIONS_FOLDER = 'conversations';

/** File within the data folder that has the ready message while the emulator runs. */
export const READY_FILE = 'ready.json';

/** The first line that the emulator prints on standard output. */
export interface ReadyMessage {
  readonly type: 'ready';
  readonly url: string;
  readonly pid: number;
}

/** An operator's token. It is part of URLs, so its characters need no encoding there. */
export const TOKEN_FORM = /^[A-Za-z0-9_.~-]+$/;

/** Completes a sentence about the characters of a token. */
export const TOKEN_CHARACTERS = 'one or more of the characters A-Z a-z 0-9 _ . ~ -';

/** Removes the token from an emulator's URL, for logs and messages. The token grants full access. */
export function withoutToken(url: string): string {
  return url.replace(/\/(?:@|%40)[^/?#]*/i, '');
}

/** Status of a runtime, as AWS names it. */
export type RuntimeStatus =
  | 'CREATING'
  | 'CREATE_FAILED'
  | 'UPDATING'
  | 'UPDATE_FAILED'
  | 'READY'
  | 'DELETING'
  | 'DELETE_FAILED';

/** Protocols that AgentCore supports. */
export type AgentProtocol = 'HTTP' | 'MCP' | 'A2A' | 'AGUI';

/** An agent of the project or a deployed runtime, as the admin API lists it. */
export interface AgentSummary {
  readonly runtimeId: string;
  readonly arn: string;
  readonly name: string;
  readonly protocol: AgentProtocol;
  /** Null for a container image. */
  readonly language: 'node' | 'python' | null;
  /** Endpoints, and the version that new sessions of each run. */
  readonly endpoints: readonly { readonly name: string; readonly version: string }[];
  readonly status: RuntimeStatus;
  /** Number of machines in the warm pool. */
  readonly warm: number;
}

/** State of an emulator. */
export interface EmulatorHealth {
  readonly status: 'ready';
  readonly version: string;
  readonly url: string;
  readonly pid: number;
  readonly uptimeSeconds: number;
  /** `available`, or the reason why it is not. */
  readonly compute: { readonly process: string; readonly container: string };
}

/** Virtual and real time, ISO-8601. */
export interface ClockReading {
  readonly now: string;
  readonly realNow: string;
  /** Seconds that virtual time is ahead of real time. */
  readonly offsetSeconds: number;
  /** True if the next start of the emulator sets the clock back to real time. */
  readonly resetsAtNextStart: boolean;
}

/** Identifies a run of a session. */
export interface SessionRun {
  readonly runtimeId: string;
  readonly sessionId: string;
  readonly run: number;
}

/** An event of `GET /_emulator/events`. */
export type EmulatorEvent =
  | { readonly type: 'session'; readonly session: SessionSummary }
  | { readonly type: 'timeline'; readonly of: SessionRun; readonly entry: TimelineEntry }
  | { readonly type: 'log'; readonly of: SessionRun; readonly line: LogLine }
  | { readonly type: 'clock'; readonly clock: ClockReading };
