import type { ToolPart } from '../../src/shared/chat/answer.ts';
import { emptyChat, type ChatState } from '../../src/shared/chat/state.ts';
import { exampleAgent } from './registry.ts';
import type { Turn } from '../../src/shared/chat/turn.ts';

/** Creates a pending turn with the given changes. */
export function exampleTurn(more: Partial<Turn> = {}): Turn {
  return {
    id: 't1',
    prompt: 'a question',
    opening: null,
    parts: [],
    usage: null,
    askedAt: 0,
    firstAt: null,
    endedAt: null,
    outcome: null,
    ...more,
  };
}

/** Creates a completed tool use with the given changes. */
export function exampleTool(more: Partial<ToolPart> = {}): ToolPart {
  return {
    type: 'tool',
    id: '1',
    name: 'add',
    input: '{}',
    result: { text: '3', failed: false },
    startedAt: 1,
    endedAt: 2,
    ...more,
  };
}

const assistant = exampleAgent('Assistant');

/** The chat's state while the emulator starts. */
export const startingState: ChatState = {
  ...emptyChat,
  agents: [assistant],
  agent: assistant.id,
  conversation: 'c1',
  sessionId: '0f60c37e-e6a3-4a88-a6f1-221235539493',
  session: { state: 'none' },
};

/** The chat's state when the agents are available. */
export const readyState: ChatState = { ...startingState, connection: { state: 'ready' } };
