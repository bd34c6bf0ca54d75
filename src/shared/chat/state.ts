import type { Attachment } from '../attachment.ts';
import type { TemplateTable } from '../payloadTemplate.ts';
import type { ConversationSummary, OpenedConversation } from './conversation.ts';
import type { SocketStatus } from './socketStatus.ts';
import type { SessionStatus } from './session.ts';
import type { SourceState } from './source.ts';
import type { Turn } from './turn.ts';

/** All that a view shows. */
export interface ChatState extends OpenedConversation, SourceState {
  readonly session: SessionStatus;
  /** Null where there is no web socket to the agent, or none is needed just now. */
  readonly socket: SocketStatus | null;
  /** All that are kept, in no order; one without turns is not among them. */
  readonly conversations: readonly ConversationSummary[];
  /** Those of them that are not open and in which an answer is still coming. */
  readonly answering: readonly string[];
  /** The one that was removed last and can be brought back. */
  readonly removed: ConversationSummary | null;
  /** What will go with the next prompt. */
  readonly attachments: readonly Attachment[];
  /** What agents are sent that have a payload of their own. */
  readonly templates: TemplateTable;
  /** Why what was asked for last could not be done; null where it was. */
  readonly problem: string | null;
  /** Whether there is an editor beside the chat that takes code. */
  readonly hasEditor: boolean;
}

/** A chat in which nobody is there and nothing was said. */
export const emptyChat: ChatState = {
  connection: { state: 'starting' },
  agents: [],
  aws: null,
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

/** The turn whose answer is coming, which is the last one or none. */
export function runningTurn({ turns }: Pick<ChatState, 'turns'>): Turn | null {
  const last = turns.at(-1);
  return last && last.outcome === null ? last : null;
}

/** True if the agent accepts attachments. An MCP agent takes only a tool's arguments. */
export function takesAttachments({ agents, agent }: Pick<ChatState, 'agents' | 'agent'>): boolean {
  return agents.some(({ id, target }) => id === agent && target.protocol !== 'MCP');
}
