import type { AgentSummary } from './schemas/adminApi.ts';

// The shapes of the admin API, for modules that need no schema.
export type {
  AgentSummary,
  ClockReading,
  EmulatorEvent,
  EmulatorHealth,
  SessionRun,
} from './schemas/adminApi.ts';

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
export type RuntimeStatus = AgentSummary['status'];

/** Protocols that AgentCore supports. */
export type AgentProtocol = AgentSummary['protocol'];
