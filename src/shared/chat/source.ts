import type { AwsView, TokenRequest, ToolList } from '../targets.ts';
import type { ChatAgent, Connection } from './agent.ts';

/** Whom one can talk to, and what whoever knows them says beside. */
export interface SourceState {
  readonly connection: Connection;
  readonly agents: readonly ChatAgent[];
  /** What is known of AWS; null where agents there are not talked to from. */
  readonly aws: AwsView | null;
  /** What turns and listings wait for; of each agent one token at most. */
  readonly tokenRequests: readonly TokenRequest[];
  /** The tools that were listed last; null where none were. */
  readonly toolList: ToolList | null;
}
