import type { ConversationSummary, ConversationMatch } from '../../src/shared/chat/conversation.ts';

/** A conversation that is listed, and where in it the words are that were looked for. */
export interface ListedConversation {
  readonly conversation: ConversationSummary;
  /** Null where its title says it, or its agent's name. */
  readonly excerpt: string | null;
}

/**
 * The conversations in whose title or agent's name all these words are, and those in which they were found,
 * the latest first.
 */
export function filterConversations(
  conversations: readonly ConversationSummary[],
  words: string,
  findings: readonly ConversationMatch[],
): readonly ListedConversation[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const excerpts = new Map(findings.map((finding) => [finding.conversation, finding.excerpt]));
  return conversations
    .flatMap((conversation) => {
      const { id, title, agentName } = conversation;
      const excerpt = excerpts.get(id);
      // By its first words it is called already.
      if (excerpt !== undefined && excerpt !== title) return { conversation, excerpt };
      const text = `${title} ${agentName}`.toLowerCase();
      const isNamed = excerpt !== undefined || wanted.every((word) => text.includes(word));
      return isNamed ? { conversation, excerpt: null } : [];
    })
    .toSorted((a, b) => b.conversation.updatedAt - a.conversation.updatedAt);
}

/** A moment as a list tells it: of today the time, of another day the date. */
export function formatMoment(at: number, now: Date): string {
  const moment = new Date(at);
  return moment.toDateString() === now.toDateString()
    ? moment.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
    : moment.toLocaleDateString(undefined, { dateStyle: 'medium' });
}
