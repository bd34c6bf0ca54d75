import type { Agent } from '../src/shared/agent.ts';
import { runningTurn, type ChatState } from '../src/shared/chat/state.ts';
import { isLocal } from '../src/shared/target.ts';
import type { Turn } from '../src/shared/chat/turn.ts';
import { DEFAULT_TEMPLATE, type PayloadTemplate } from '../src/shared/payloadTemplate.ts';
import type { ViewState } from './reducer.ts';

/** Values that the views derive from a chat's state. */
export interface ChatViewModel {
  readonly chat: ChatState;
  /** Null if the conversation's agent is not listed. */
  readonly agent: Agent | null;
  /** The name of the agent, listed or not. */
  readonly agentName: string;
  readonly running: Turn | null;
  /** Template of the payload; null if the agent's protocol defines it. */
  readonly template: PayloadTemplate | null;
  /** True if the host can be reached. */
  readonly canAct: boolean;
  /** True if the logs and timelines of its sessions are kept. */
  readonly hasRecords: boolean;
  /** True if a message can reach the agent. */
  readonly canReach: boolean;
}

/** Derives the view model of a chat. */
export function createViewModel(chat: ChatState, link: ViewState['link']): ChatViewModel {
  const agent = chat.agents.find(({ id }) => id === chat.agent) ?? null;
  const summary = chat.conversations.find(({ id }) => id === chat.conversation);
  const canAct = link === 'open';
  return {
    chat,
    agent,
    agentName: agent?.name ?? (summary?.agentName || 'The agent'),
    running: runningTurn(chat),
    template:
      agent?.target.protocol === 'HTTP' ? (chat.templates[agent.id] ?? DEFAULT_TEMPLATE) : null,
    canAct,
    hasRecords: agent !== null && isLocal(agent.target),
    canReach:
      canAct && agent !== null && (!isLocal(agent.target) || chat.connection.state === 'ready'),
  };
}

/** True unless the agent is in AWS. A conversation without an agent waits for a local one. */
export function isLocalOrNone(agent: Agent | null): boolean {
  return agent === null || isLocal(agent.target);
}
