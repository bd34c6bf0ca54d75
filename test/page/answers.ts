import type { ChatState } from '../../src/shared/chat/state.ts';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { startingState } from '../support/startingState.ts';

/** A turn whose answer is this text. */
export function turnOf(id: string, text: string, ended = true): Turn {
  return {
    id,
    prompt: 'a question',
    parts: text === '' ? [] : [{ type: 'text', text }],
    usage: null,
    opening: null,
    askedAt: 0,
    firstAt: 100,
    endedAt: ended ? 1_000 : null,
    outcome: ended ? { type: 'completed' } : null,
  };
}

/** What a host says of a conversation. */
export function conversationOf(...turns: Turn[]): { type: 'state'; state: ChatState } {
  return { type: 'state', state: { ...startingState, connection: { state: 'ready' }, turns } };
}
