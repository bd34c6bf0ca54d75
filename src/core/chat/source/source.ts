import type { Subscribe } from '../../emitter.ts';
import type { SourceState } from '../../../shared/chat/source.ts';
import type { AwsRequest, AwsView, TokenRequest, ToolList } from '../../../shared/targets.ts';
import type { ChatAgent, Connection } from '../../../shared/chat/agent.ts';

/** Where a chat's agents are: a tracker that is read and followed. */
export interface ChatSource {
  now(): SourceReading;
  readonly onChange: Subscribe;
  /** Looks whether there are other agents by now; absent where that is told by itself. */
  readonly look?: () => Promise<void>;
  /** Starts what has gone; absent where the chat itself goes with it. */
  readonly reconnect?: () => void;
  /** Does what a view wants of AWS; absent where the reading has none. */
  readonly aws?: (request: AwsRequest) => void;
  /** Lists the tools that an agent's session has. */
  readonly listTools?: (place: ToolPlace) => void;
  /** Takes the token that is wanted for an agent; null where none is to be sent. */
  readonly giveToken?: (agent: string, token: string | null) => void;
}

/** Where tools are: in a session, as they are lent to an actor. */
export interface ToolPlace {
  readonly agent: string;
  readonly sessionId: string;
  readonly actorId: string | null;
}

/** What a source says at one moment; while it starts, the agents are those that are known. */
export interface SourceReading {
  readonly connection: Connection;
  readonly agents: readonly ChatAgent[];
  /** Absent where AWS is out of reach. */
  readonly aws?: AwsView;
  /** The tokens that calls wait for, one for each agent; absent where none are asked for. */
  readonly tokenRequests?: readonly TokenRequest[];
  /** The tools that were listed last. */
  readonly toolList?: ToolList | null;
}

/** A reading as the chat's state has it. */
export function stateOf(reading: SourceReading): SourceState {
  return { aws: null, tokenRequests: [], toolList: null, ...reading };
}

/** Nothing in AWS is talked to that the user has not chosen. */
export function firstLocal(agents: readonly ChatAgent[]): string | null {
  return agents.find(({ deployment }) => deployment === null)?.id ?? null;
}
