import type { ChatAgent } from '../src/shared/chat/agent.ts';
import { runningTurn, type ChatState } from '../src/shared/chat/state.ts';
import type { Turn } from '../src/shared/chat/turn.ts';
import { DEFAULT_TEMPLATE, type PayloadTemplate } from '../src/shared/payloadTemplate.ts';
import type { ViewState } from './reducer.ts';

/** What follows from a chat's state for all that is shown of it. */
export interface ChatViewModel {
  readonly chat: ChatState;
  /** With whom one talks; null where nobody is there. */
  readonly agent: ChatAgent | null;
  /** Also of an agent that is not there any more. */
  readonly agentName: string;
  readonly running: Turn | null;
  /** What a message becomes; null where the agent's protocol says what a payload is. */
  readonly template: PayloadTemplate | null;
  /** Whether what is pressed reaches the host. */
  readonly canAct: boolean;
  /** Whether somebody tells what its sessions printed and what befell them. */
  readonly hasRecords: boolean;
  /** Whether what is written reaches the agent. */
  readonly canReach: boolean;
}

/** The situation in which a chat is. */
export function createViewModel(chat: ChatState, link: ViewState['link']): ChatViewModel {
  const agent = chat.agents.find(({ id }) => id === chat.agent) ?? null;
  const kept = chat.conversations.find(({ id }) => id === chat.conversation);
  const canAct = link === 'open';
  return {
    chat,
    agent,
    agentName: agent?.name ?? (kept?.agentName || 'The agent'),
    running: runningTurn(chat),
    template: agent?.protocol === 'HTTP' ? (chat.templates[agent.id] ?? DEFAULT_TEMPLATE) : null,
    canAct,
    hasRecords: agent?.deployment === null,
    canReach:
      canAct && agent !== null && (agent.deployment !== null || chat.connection.state === 'ready'),
  };
}
