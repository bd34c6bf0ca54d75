import type { Agent, Connection } from '../agent.ts';
import type { AwsView } from '../aws.ts';
import type { ToolList } from '../tools.ts';

/** A bearer token that calls of an agent wait for. */
export interface TokenRequest {
  readonly agent: string;
  /** The reason why the last call was rejected; null before the first call. */
  readonly why: string | null;
}

/** The agents of a chat, with the tokens and tools of their calls. */
export interface SourceState {
  readonly connection: Connection;
  readonly agents: readonly Agent[];
  /** Null if the chat cannot call agents in AWS. */
  readonly aws: AwsView | null;
  /** Why the chat cannot call agents in AWS, and the fix; null if it can. */
  readonly awsUnavailable: string | null;
  /** At most one request per agent. */
  readonly tokenRequests: readonly TokenRequest[];
  /** The latest list of tools; null before the first. */
  readonly toolList: ToolList | null;
}
