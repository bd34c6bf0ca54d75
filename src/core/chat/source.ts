import type { ChatAgent, Connection } from '../../shared/chat.ts';

/** Where a chat's agents are: a tracker that is read and followed. */
export interface ChatSource {
  now(): SourceReading;
  /** Calls back after every change, until the function that it gives back is called. */
  onChange(listener: () => void): () => void;
  /** Starts what has gone; absent where the chat itself goes with it. */
  readonly reconnect?: () => void;
}

/** What a source says at one moment; while it starts, the agents are those that are known. */
export interface SourceReading {
  readonly connection: Connection;
  readonly agents: readonly ChatAgent[];
}
