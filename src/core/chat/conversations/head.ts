import type { ChatChange } from '../../../shared/chat/change.ts';
import type { ConversationSummary, OpenedConversation } from '../../../shared/chat/conversation.ts';
import type { ChatState } from '../../../shared/chat/state.ts';
import { NEW_SESSION } from '../session/sessionWatch.ts';
import type { Conversation, ConversationHead } from './conversations.ts';
import { titleOf } from './title.ts';

/** The head of a conversation that has not begun. */
export function newHead({
  agent,
  actorId,
  agents,
  at,
  newId,
}: {
  readonly agent: string | null;
  readonly actorId: string | null;
  readonly agents: ChatState['agents'];
  readonly at: number;
  readonly newId: () => string;
}): ConversationHead {
  return {
    ...NEW_SESSION,
    id: newId(),
    title: '',
    agent,
    agentName: nameOf(agent, { agents }) ?? '',
    actorId,
    sessionId: newId(),
    createdAt: at,
    updatedAt: at,
  };
}

/** What a change of the chat makes of the head of the open conversation; null where nothing. */
export function headAfter(
  head: ConversationHead,
  step: ChatChange,
  state: ChatState,
  now: number,
): ConversationHead | null {
  switch (step.type) {
    case 'asked': {
      const agentName = nameOf(head.agent, state) ?? head.agentName;
      return { ...head, title: head.title || titleOf(step.prompt), agentName, updatedAt: now };
    }
    case 'closed':
      return { ...head, updatedAt: now };
    case 'identity':
      return { ...head, actorId: step.actorId, sessionId: step.sessionId };
    case 'machine':
      return head;
    case 'answered':
    case 'answering':
    case 'attachments':
    case 'conversation':
    case 'kept':
    case 'socket':
    case 'listed':
    case 'opened':
    case 'problem':
    case 'removed':
    case 'restored':
    case 'source':
    case 'template':
      return null;
  }
}

/** A conversation as it is opened. */
export function openedOf({ head, turns }: Conversation): OpenedConversation {
  const { id: conversation, agent, actorId, sessionId, opening } = head;
  return { conversation, agent, actorId, sessionId, opening, turns };
}

/** What a list shows of a conversation. */
export function summaryOf(head: ConversationHead): ConversationSummary {
  const { id, title, agent, agentName, createdAt, updatedAt } = head;
  return { id, title, agent, agentName, createdAt, updatedAt };
}

function nameOf(agent: string | null, { agents }: Pick<ChatState, 'agents'>): string | undefined {
  return agents.find(({ id }) => id === agent)?.name;
}
