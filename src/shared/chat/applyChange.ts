import type { ChatChange } from './change.ts';
import { runningTurn, type ChatState } from './state.ts';
import { turnsAfter } from './turnStep.ts';
import type { Turn } from './turn.ts';

const UNKNOWN = { state: 'unknown' } as const;

/** Applies a change. A change that cannot follow from the state is a bug of the host and throws. */
export function applyChange(state: ChatState, change: ChatChange): ChatState {
  switch (change.type) {
    case 'source': {
      const { type: _, ...source } = change;
      return { ...state, ...source };
    }
    case 'problem':
      return { ...state, problem: change.problem };
    case 'conversation': {
      const { type: _, ...opened } = change;
      return { ...state, ...opened, session: UNKNOWN, socket: null };
    }
    case 'identity': {
      const { actorId, sessionId } = change;
      const session = sessionId === state.sessionId ? state.session : UNKNOWN;
      return { ...state, actorId, sessionId, session, socket: null };
    }
    case 'kept': {
      const others = state.conversations.filter(({ id }) => id !== change.conversation.id);
      return { ...state, conversations: [...others, change.conversation] };
    }
    case 'listed':
      return { ...state, conversations: change.conversations };
    case 'removed': {
      const isRemoved = ({ id }: { id: string }) => id === change.conversation;
      const removed = state.conversations.find(isRemoved);
      if (!removed) throw new Error(`unknown conversation ${change.conversation}`);
      const others = state.conversations.filter((other) => !isRemoved(other));
      return { ...state, conversations: others, removed };
    }
    case 'restored': {
      if (state.removed === null) throw new Error('no conversation was removed');
      return { ...state, conversations: [...state.conversations, state.removed], removed: null };
    }
    case 'answering':
      return { ...state, answering: change.conversations };
    case 'attachments':
      return { ...state, attachments: change.attachments };
    case 'template': {
      const { [change.agent]: _, ...others } = state.templates;
      const { agent, template } = change;
      return {
        ...state,
        templates: template === null ? others : { ...others, [agent]: template },
      };
    }
    case 'socket':
      return { ...state, socket: change.socket };
    case 'machine':
      return { ...state, session: change.session, opening: change.opening };
    case 'asked': {
      if (runningTurn(state))
        throw new Error(`turn ${change.turn} starts while another is running`);
      const turn: Turn = {
        id: change.turn,
        prompt: change.prompt,
        ...(change.isPayload && { isPayload: true }),
        ...(change.isUnprompted && { isUnprompted: true }),
        ...(change.attachments && { attachments: change.attachments }),
        opening: state.opening,
        parts: [],
        usage: null,
        askedAt: change.at,
        firstAt: null,
        endedAt: null,
        outcome: null,
      };
      return { ...state, opening: null, turns: [...state.turns, turn] };
    }
    case 'opened':
    case 'answered':
    case 'modelCalled':
    case 'closed':
      return { ...state, turns: turnsAfter(state.turns, change) };
  }
}
