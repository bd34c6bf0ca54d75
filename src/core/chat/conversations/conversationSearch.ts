import type { ConversationMatch } from '../../../shared/chat/conversation.ts';
import type { Part } from '../../../shared/chat/answer.ts';
import type { Turn } from '../../../shared/chat/turn.ts';
import type { ConversationStore } from './conversationStore.ts';

/** Searches prompts, answers, thinking and tool uses of conversations. */
export interface ConversationSearch {
  /** Conversations with all words; null if the same view has started another search. */
  find(words: string, view: object): Promise<readonly ConversationMatch[] | null>;
}

/** Creates a search that reads one conversation at a time, to limit memory. */
export function createConversationSearch(conversations: ConversationStore): ConversationSearch {
  const latest = new WeakMap<object, string>();
  return {
    async find(words, view) {
      latest.set(view, words);
      const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
      const found: ConversationMatch[] = [];
      for (const { id } of conversations.heads()) {
        const turns = await conversations.turns(id);
        if (latest.get(view) !== words) return null;
        const excerpt = findExcerpt(turns, wanted);
        if (excerpt !== null) found.push({ conversation: id, excerpt });
      }
      return found;
    },
  };
}

/** Returns the line with the most words if the conversation has all of them; otherwise null. */
function findExcerpt(turns: readonly Turn[], wanted: readonly string[]): string | null {
  const left = new Set(wanted);
  let best = '';
  let most = 0;
  for (const text of turns.flatMap(listTexts)) {
    const lower = text.toLowerCase();
    const here = wanted.filter((word) => lower.includes(word));
    for (const word of here) left.delete(word);
    if (here.length <= most) continue;
    for (const line of text.split('\n')) {
      const has = line.toLowerCase();
      const count = here.filter((word) => has.includes(word)).length;
      if (count > most) [best, most] = [cutExcerpt(line, has, here), count];
    }
    if (most === wanted.length) break;
  }
  return left.size === 0 && most > 0 ? best : null;
}

function listTexts({ prompt, parts }: Turn): readonly string[] {
  return [prompt, ...parts.flatMap(listPartTexts)];
}

function listPartTexts(part: Part): readonly string[] {
  switch (part.type) {
    case 'data':
      return [part.json];
    case 'tool':
      return [[part.name, part.input].join(' '), part.result?.text ?? ''];
    case 'text':
    case 'thinking':
    case 'guardrail':
      return [part.text];
    // Notices come from the answer reader, not from the agent.
    case 'notice':
      return [];
  }
}

/** Characters of an excerpt before the first word, and from there on. */
const BEFORE = 30;
const FROM = 90;

function cutExcerpt(line: string, lower: string, words: readonly string[]): string {
  const at = Math.min(...words.map((word) => lower.indexOf(word)).filter((index) => index >= 0));
  const start = at > BEFORE + 10 ? at - BEFORE : 0;
  const end = at + FROM;
  const text = line.slice(start, end).trim().replace(/\s+/g, ' ');
  return `${start > 0 ? '…' : ''}${text}${end < line.length ? '…' : ''}`;
}
