import type { ChatChange } from '../../../shared/chat/change.ts';
import { turnsAfter, type TurnStep } from '../../../shared/chat/turnStep.ts';
import type { Turn } from '../../../shared/chat/turn.ts';
import type { SessionWatch } from '../session/sessionWatch.ts';
import type { ConversationStore } from './conversationStore.ts';
import { summarizeConversation } from './conversationHead.ts';

/** A conversation whose answer runs in the background. */
export interface BackgroundConversation {
  /** The last turn is running. */
  readonly turns: readonly Turn[];
  /** Follows the session, since the turn may still get a new run. */
  readonly watch: SessionWatch;
}

/** Conversations that are not open and whose answers continue until they are complete. */
export interface BackgroundConversations {
  add(conversation: string, running: BackgroundConversation): void;
  of(conversation: string): BackgroundConversation | null;
  /** Removes a conversation because it is opened again. */
  take(conversation: string): BackgroundConversation | null;
  /** Stores a step of a turn in the background; ignores other turns. */
  applyStep(step: TurnStep): void;
  all(): readonly string[];
}

/** Creates an empty collection. */
export function createBackgroundConversations({
  conversations,
  now,
  change,
}: {
  readonly conversations: ConversationStore;
  readonly now: () => number;
  readonly change: (step: ChatChange) => void;
}): BackgroundConversations {
  const running = new Map<string, BackgroundConversation>();

  function report(): void {
    change({ type: 'answering', conversations: [...running.keys()] });
  }

  function take(id: string): BackgroundConversation | null {
    const found = running.get(id) ?? null;
    if (running.delete(id)) report();
    return found;
  }

  /** Reads the stored head again, which may have been renamed. */
  function close(id: string, watch: SessionWatch): void {
    const kept = conversations.heads().find((head) => head.id === id);
    if (kept) {
      const head = { ...kept, ...watch.remembered(), updatedAt: now() };
      conversations.saveHead(head);
      change({ type: 'kept', conversation: summarizeConversation(head) });
    }
    watch.dispose();
    take(id);
  }

  return {
    add(id, conversation) {
      running.set(id, conversation);
      report();
    },
    of: (id) => running.get(id) ?? null,
    take,
    applyStep(step) {
      const entry = [...running].find(([, { turns }]) => turns.at(-1)?.id === step.turn);
      if (!entry) return;
      const [id, { turns: before, watch }] = entry;
      const turns = turnsAfter(before, step);
      running.set(id, { turns, watch });
      if (step.type === 'answered' || step.type === 'modelCalled') return;
      conversations.saveTurn(id, turns.at(-1)!);
      if (step.type === 'closed') close(id, watch);
    },
    all: () => [...running.keys()],
  };
}
