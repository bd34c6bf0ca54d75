import type { ChatState } from '../../src/shared/chat/state.ts';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { exampleTurn, readyState } from '../support/chatState.ts';

/** A turn whose answer is this text. */
export function createTurn(id: string, text: string, ended = true): Turn {
  return exampleTurn({
    id,
    parts: text === '' ? [] : [{ type: 'text', text }],
    firstAt: 100,
    endedAt: ended ? 1_000 : null,
    outcome: ended ? { type: 'completed' } : null,
  });
}

/** The state message of a conversation. */
export function createStateMessage(...turns: Turn[]): { type: 'state'; state: ChatState } {
  return { type: 'state', state: { ...readyState, turns } };
}
