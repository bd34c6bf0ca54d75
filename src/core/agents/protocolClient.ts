import type { FileContent } from '../../shared/attachment.ts';
import type { WaitingTask } from '../../shared/chat/answer.ts';
import type { Transport } from '../../shared/payloadTemplate.ts';
import type { Tool } from '../../shared/tools.ts';
import type { Answer } from '../invocation/answer.ts';
import type { OnSent, TargetOperations } from './invocation.ts';
import type { SocketConnection } from './socketConnection.ts';

/** The caller of an agent, and the transport that it uses. */
export interface CallOptions {
  /** User that the agent works for; null to send none. */
  readonly actorId: string | null;
  readonly transport: Transport;
}

/** A user's message to an agent. */
export interface UserMessage extends CallOptions {
  readonly sessionId: string;
  readonly text: string;
  readonly files: readonly FileContent[];
  /** Template of the payload; null if `text` is the payload. Used if the protocol defines none. */
  readonly template: string | null;
  /** Id of the turn that the message starts. */
  readonly turn: string;
  /** Reports the request that is sent. */
  readonly onSent?: OnSent | undefined;
  /** Earlier turns, oldest first, for a protocol that sends the whole thread with each message. */
  readonly history: () => readonly EarlierTurn[];
  /** Task of the agent that waits for this message; null if none does. */
  readonly waitingTask: WaitingTask | null;
}

/** A turn before the one that a message starts. */
export interface EarlierTurn {
  readonly id: string;
  /** Null if the agent sent the answer without a prompt. */
  readonly prompt: string | null;
  /** Files sent with the prompt, if their contents are still available. */
  readonly files: readonly FileContent[];
  /** Empty if the answer was empty. */
  readonly answer: string;
}

/** The WebSocket over which the answer arrives. The answer has no end of its own. */
export interface SocketAnswer {
  readonly connection: SocketConnection;
}

/** Calls a session of an agent in its protocol. Keeps the results of the session's negotiation. */
export interface ProtocolClient {
  /** Sends a message, after any negotiation that the protocol requires. */
  send(message: UserMessage, signal: AbortSignal): Promise<Answer | SocketAnswer>;
  /** Lists the agent's tools; absent if the protocol has none. */
  listTools?(sessionId: string, signal: AbortSignal): Promise<readonly Tool[]>;
  /** Closes the connection that stays open between messages; absent if there is none. */
  close?(): void;
}

/** Creates the client of a protocol over the operations of a target. */
export type CreateProtocolClient = (operations: TargetOperations) => ProtocolClient;
