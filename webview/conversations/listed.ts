import type { ConversationSummary } from '../../src/shared/chat/conversation.ts';

/**
 * The conversations in whose title or agent's name all these words are, and those in which they were said,
 * the latest first.
 */
export function listed(
  conversations: readonly ConversationSummary[],
  words: string,
  saidIn: readonly string[],
): readonly ConversationSummary[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return conversations
    .filter(({ id, title, agentName }) => {
      if (saidIn.includes(id)) return true;
      const text = `${title} ${agentName}`.toLowerCase();
      return wanted.every((word) => text.includes(word));
    })
    .toSorted((a, b) => b.updatedAt - a.updatedAt);
}

/** A moment as a list tells it: of today the time, of another day the date. */
export function momentInWords(at: number, now: Date): string {
  const moment = new Date(at);
  return moment.toDateString() === now.toDateString()
    ? moment.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
    : moment.toLocaleDateString(undefined, { dateStyle: 'medium' });
}
