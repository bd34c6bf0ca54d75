import type { Attachment } from '../attachment.ts';
import type { TemplateTable } from '../payloadTemplate.ts';
import type { ConversationSummary, OpenedConversation } from './conversation.ts';
import type { SocketStatus } from './socketStatus.ts';
import type { SessionStatus } from './session.ts';
import type { SourceState } from './source.ts';
import type { Turn } from './turn.ts';

/** Everything that a view shows. */
export interface ChatState extends OpenedConversation, SourceState {
  readonly session: SessionStatus;
  /** Null if there is no WebSocket to the agent. */
  readonly socket: SocketStatus | null;
  /** All stored conversations, unordered. A conversation without turns is not stored. */
  readonly conversations: readonly ConversationSummary[];
  /** Ids of conversations whose answers run in the background. */
  readonly answering: readonly string[];
  /** The conversation that was removed last and can be restored. */
  readonly removed: ConversationSummary | null;
  /** Attachments of the next prompt. */
  readonly attachments: readonly Attachment[];
  /** Payload templates by agent id. */
  readonly templates: TemplateTable;
  /** The reason why the last request failed; null if it succeeded. */
  readonly problem: string | null;
  /** True if code can be sent to an editor. */
  readonly hasEditor: boolean;
}

/** A chat without agents and turns. */
export const emptyChat: ChatState = {
  connection: { state: 'starting' },
  agents: [],
  aws: null,
  awsUnavailable: null,
  tokenRequests: [],
  toolList: null,
  conversation: '',
  agent: null,
  actorId: null,
  sessionId: '',
  opening: null,
  turns: [],
  session: { state: 'unknown' },
  answering: [],
  socket: null,
  conversations: [],
  removed: null,
  attachments: [],
  templates: {},
  problem: null,
  hasEditor: false,
};

/** The running turn, which can only be the last one. */
export function runningTurn({ turns }: Pick<ChatState, 'turns'>): Turn | null {
  const last = turns.at(-1);
  return last && last.outcome === null ? last : null;
}

/** True if the agent accepts attachments. An MCP agent takes only a tool's arguments. */
export function takesAttachments({ agents, agent }: Pick<ChatState, 'agents' | 'agent'>): boolean {
  return agents.some(({ id, target }) => id === agent && target.protocol !== 'MCP');
}
