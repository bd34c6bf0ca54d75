import type { Agent, Connection } from '../agent.ts';
import type { AwsView } from '../aws.ts';
import type { ToolList } from '../tools.ts';

/** A bearer token that calls of an agent wait for. */
export interface TokenRequest {
  readonly agent: string;
  /** Why the last call was refused; null before the first call. */
  readonly why: string | null;
}

/** Agents of a chat, and what their calls need. */
export interface SourceState {
  readonly connection: Connection;
  readonly agents: readonly Agent[];
  /** Null if the chat cannot call agents in AWS. */
  readonly aws: AwsView | null;
  /** At most one request per agent. */
  readonly tokenRequests: readonly TokenRequest[];
  /** Tools that were listed last; null before. */
  readonly toolList: ToolList | null;
}
