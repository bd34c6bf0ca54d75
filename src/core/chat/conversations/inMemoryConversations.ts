import type { Turn } from '../../../shared/chat/turn.ts';
import { createEmitter } from '../../emitter.ts';
import type { ConversationHead, ConversationStore } from './conversationStore.ts';
import { byLastUse } from './order.ts';

/** Keeps conversations while the program runs; `why` explains to users why none are stored. */
export function createInMemoryConversations(why: string | null = null): ConversationStore {
  const { subscribe, emit } = createEmitter<string>();
  const heads = new Map<string, ConversationHead>();
  const turns = new Map<string, Map<string, Turn>>();
  const removed = new Map<string, ConversationHead>();
  return {
    heads: () => [...heads.values()].toSorted(byLastUse),
    turns: async (id) => [...(turns.get(id)?.values() ?? [])],
    saveHead(head) {
      heads.set(head.id, head);
      if (why !== null) emit(why);
    },
    saveTurn(id, turn) {
      const kept = turns.get(id) ?? new Map<string, Turn>();
      turns.set(id, kept.set(turn.id, turn));
    },
    remove(id) {
      const head = heads.get(id);
      if (head) removed.set(id, head);
      heads.delete(id);
    },
    restore(id) {
      const head = removed.get(id);
      if (head) heads.set(id, head);
    },
    onProblem: subscribe,
    settled: async () => {},
  };
}
