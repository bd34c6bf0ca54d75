import type { ChatChange } from '../../../shared/chat/change.ts';
import { turnsAfter, type TurnStep } from '../../../shared/chat/turnStep.ts';
import type { Turn } from '../../../shared/chat/turn.ts';
import type { SessionWatch } from '../session/sessionWatch.ts';
import type { ConversationStore } from './conversationStore.ts';
import { summarizeConversation } from './conversationHead.ts';

/** A conversation that was left in mid-answer. */
export interface BackgroundConversation {
  /** The answer of the last one is still coming. */
  readonly turns: readonly Turn[];
  /** Looks on, because the turn may still meet another machine. */
  readonly watch: SessionWatch;
}

/** The conversations that were left in mid-answer, each of which goes on until it is complete. */
export interface BackgroundConversations {
  add(conversation: string, left: BackgroundConversation): void;
  of(conversation: string): BackgroundConversation | null;
  /** It is open again, and the affair of whoever opened it. */
  take(conversation: string): BackgroundConversation | null;
  /** Keeps what a turn has brought; of a turn that is in none of them, nothing. */
  applyStep(step: TurnStep): void;
  all(): readonly string[];
}

/** Nothing is left yet. */
export function createBackgroundConversations({
  conversations,
  now,
  change,
}: {
  readonly conversations: ConversationStore;
  readonly now: () => number;
  readonly change: (step: ChatChange) => void;
}): BackgroundConversations {
  const left = new Map<string, BackgroundConversation>();

  function tell(): void {
    change({ type: 'answering', conversations: [...left.keys()] });
  }

  function take(id: string): BackgroundConversation | null {
    const found = left.get(id) ?? null;
    if (left.delete(id)) tell();
    return found;
  }

  /** It was renamed meanwhile, perhaps. */
  function close(id: string, watch: SessionWatch): void {
    const kept = conversations.heads().find((head) => head.id === id);
    if (kept) {
      const head = { ...kept, ...watch.remembered(), updatedAt: now() };
      conversations.keep(head);
      change({ type: 'kept', conversation: summarizeConversation(head) });
    }
    watch.dispose();
    take(id);
  }

  return {
    add(id, conversation) {
      left.set(id, conversation);
      tell();
    },
    of: (id) => left.get(id) ?? null,
    take,
    applyStep(step) {
      const entry = [...left].find(([, { turns }]) => turns.at(-1)?.id === step.turn);
      if (!entry) return;
      const [id, { turns: before, watch }] = entry;
      const turns = turnsAfter(before, step);
      left.set(id, { turns, watch });
      if (step.type === 'answered') return;
      conversations.keepTurn(id, turns.at(-1)!);
      if (step.type === 'closed') close(id, watch);
    },
    all: () => [...left.keys()],
  };
}
