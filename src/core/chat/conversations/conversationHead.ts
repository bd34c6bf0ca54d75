import type { Agent } from '../../../shared/agent.ts';
import type { ChatChange } from '../../../shared/chat/change.ts';
import type { ConversationSummary, OpenedConversation } from '../../../shared/chat/conversation.ts';
import type { ChatState } from '../../../shared/chat/state.ts';
import { targetId } from '../../../shared/target.ts';
import { NEW_SESSION } from '../session/sessionWatch.ts';
import type { Conversation, ConversationHead } from './conversationStore.ts';
import { defaultTitle } from './title.ts';

/** An agent to converse with: a listed one, or one that a conversation stored. */
export type ConversationAgent = Pick<Agent, 'name' | 'target'>;

/** The head of a conversation that has no turns yet. */
export function newHead({
  agent,
  actorId,
  at,
  newId,
}: {
  readonly agent: ConversationAgent | null;
  readonly actorId: string | null;
  readonly at: number;
  readonly newId: () => string;
}): ConversationHead {
  return {
    ...NEW_SESSION,
    id: newId(),
    title: '',
    target: agent?.target ?? null,
    agentName: agent?.name ?? '',
    actorId,
    sessionId: newId(),
    createdAt: at,
    updatedAt: at,
  };
}

/** The head of the open conversation after a change of the chat; null if it stays the same. */
export function updateHead(
  head: ConversationHead,
  step: ChatChange,
  { agent, agents }: ChatState,
  now: number,
): ConversationHead | null {
  switch (step.type) {
    case 'asked': {
      // The agent may have another address, profile or name since the last turn.
      const { name: agentName, target } = agents.find(({ id }) => id === agent) ?? {
        name: head.agentName,
        target: head.target,
      };
      const title = head.title || defaultTitle(step.prompt);
      return { ...head, title, agentName, target, updatedAt: now };
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
    case 'listed':
    case 'modelCalled':
    case 'opened':
    case 'problem':
    case 'removed':
    case 'restored':
    case 'socket':
    case 'source':
    case 'template':
      return null;
  }
}

/** A conversation as a view opens it. */
export function describeOpened({ head, turns }: Conversation): OpenedConversation {
  const { id: conversation, target, actorId, sessionId, opening } = head;
  return { conversation, agent: target && targetId(target), actorId, sessionId, opening, turns };
}

/** A conversation as a list shows it. */
export function summarizeConversation(head: ConversationHead): ConversationSummary {
  const { id, title, agentName, createdAt, updatedAt } = head;
  return { id, title, agentName, createdAt, updatedAt };
}
