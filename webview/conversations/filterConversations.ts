import type { ConversationSummary, ConversationMatch } from '../../src/shared/chat/conversation.ts';

/** A conversation in the list, with the text that matched the search. */
export interface ListedConversation {
  readonly conversation: ConversationSummary;
  /** Text around the match; null if the title or the agent's name matched. */
  readonly excerpt: string | null;
}

/**
 * Returns the conversations whose title or agent name contains all words, and those with a match in
 * `findings`, newest first.
 */
export function filterConversations(
  conversations: readonly ConversationSummary[],
  words: string,
  findings: readonly ConversationMatch[],
): readonly ListedConversation[] {
  const queryWords = words.toLowerCase().split(/\s+/).filter(Boolean);
  const excerpts = new Map(findings.map((finding) => [finding.conversation, finding.excerpt]));
  return conversations
    .flatMap((conversation) => {
      const { id, title, agentName } = conversation;
      const excerpt = excerpts.get(id);
      // The title is the first prompt, so an equal excerpt adds nothing.
      if (excerpt !== undefined && excerpt !== title) return { conversation, excerpt };
      const text = `${title} ${agentName}`.toLowerCase();
      const isMatch = excerpt !== undefined || queryWords.every((word) => text.includes(word));
      return isMatch ? { conversation, excerpt: null } : [];
    })
    .toSorted((a, b) => b.conversation.updatedAt - a.conversation.updatedAt);
}

/** Formats a time for the list: today as the time of day, earlier as a date. */
export function formatListTime(at: number, now: Date): string {
  const moment = new Date(at);
  return moment.toDateString() === now.toDateString()
    ? moment.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
    : moment.toLocaleDateString(undefined, { dateStyle: 'medium' });
}
