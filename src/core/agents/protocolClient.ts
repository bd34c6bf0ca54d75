import type { FileContent } from '../../shared/attachment.ts';
import type { WaitingTask } from '../../shared/chat/answer.ts';
import type { Turn } from '../../shared/chat/turn.ts';
import type { Transport } from '../../shared/payloadTemplate.ts';
import type { Tool } from '../../shared/tools.ts';
import type { Answer } from '../invocation/answer.ts';
import type { OnSent, TargetOperations } from './invocation.ts';
import type { SocketConnection } from './socketConnection.ts';

/** A person's words to an agent. */
export interface UserMessage {
  readonly sessionId: string;
  readonly text: string;
  /** What goes with them. */
  readonly files: readonly FileContent[];
  /** What went with those of an earlier turn, as far as it is still there. */
  readonly filesOf: (turn: Turn) => readonly FileContent[];
  /** What the words are put into where the payload is the agent's own affair; null where they are it. */
  readonly template: string | null;
  /** By what the words go. */
  readonly transport: Transport;
  /** Whom the agent works for; null where it is told nobody. */
  readonly actorId: string | null;
  /** The id of the turn that it begins. */
  readonly turn: string;
  /** Told what becomes of the words. */
  readonly onSent?: OnSent | undefined;
  /** The turns before it. */
  readonly history: readonly Turn[];
  /** What of the agent's waits for these words; null where nothing does. */
  readonly waitingTask: WaitingTask | null;
}

/** An answer on a line that has no end of its own. */
export interface SocketAnswer {
  readonly connection: SocketConnection;
}

/** Talks to one target in its agent's protocol. */
export interface ProtocolClient {
  /** Sends words, and before them what the protocol wants said first. */
  send(question: UserMessage, signal: AbortSignal): Promise<Answer | SocketAnswer>;
  /** Asks for the tools that can be called, where that is all that one can say. */
  listTools?(sessionId: string, signal: AbortSignal): Promise<readonly Tool[]>;
  /** Closes the connection that stays open between questions, where there is one. */
  close?(): void;
}

/** A protocol, as the way to talk by it to a target. */
export type CreateProtocolClient = (calls: TargetOperations) => ProtocolClient;
