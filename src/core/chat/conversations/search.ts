import type { Turn } from '../../../shared/chat/turn.ts';
import { wordsOf } from '../../../shared/chat/turn.ts';
import type { Conversations } from './conversations.ts';

/** Finds conversations by what was said in them. */
export interface Search {
  /** The ids of those with all the words; null where who wants to know looks for others meanwhile. */
  find(words: string, asker: object): Promise<readonly string[] | null>;
}

/** Reads one conversation after the other, so that none but the one at hand is in memory. */
export function createSearch(conversations: Conversations): Search {
  const latest = new WeakMap<object, string>();
  return {
    async find(words, asker) {
      latest.set(asker, words);
      const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
      const found: string[] = [];
      for (const { id } of conversations.heads()) {
        const turns = await conversations.turns(id);
        if (latest.get(asker) !== words) return null;
        if (hasAll(turns, wanted)) found.push(id);
      }
      return found;
    },
  };
}

function hasAll(turns: readonly Turn[], wanted: readonly string[]): boolean {
  const left = new Set(wanted);
  for (const turn of turns) {
    const said = `${turn.prompt} ${wordsOf(turn)}`.toLowerCase();
    for (const word of left) if (said.includes(word)) left.delete(word);
    if (left.size === 0) return true;
  }
  return false;
}
