import type { ChatChange } from '../../../shared/chat/change.ts';
import type { ChatState } from '../../../shared/chat/state.ts';
import type { FileMessage } from '../../../shared/chat/hostMessage.ts';
import type { OpeningReason } from '../../../shared/chat/session.ts';
import type { Turn } from '../../../shared/chat/turn.ts';
import type { AgentSession } from '../../agents/session.ts';
import type { RememberedSession } from '../session/sessionWatch.ts';
import type { BackgroundConversations } from './backgroundConversations.ts';
import type { Conversation, ConversationHead, ConversationStore } from './conversationStore.ts';
import { importConversation, exportConversation } from './conversationFile.ts';
import {
  updateHead,
  newHead,
  describeOpened,
  summarizeConversation,
  type ConversationAgent,
} from './conversationHead.ts';
import { toMarkdown } from './markdown.ts';
import { defaultTitle } from './title.ts';

/** Dependencies and callbacks of a conversation controller. */
export interface ConversationControllerOptions {
  readonly conversations: ConversationStore;
  readonly now: () => number;
  readonly newId: () => string;
  readonly state: () => ChatState;
  readonly change: (step: ChatChange) => void;
  /** The part of the open conversation's session to store. */
  readonly remembered: () => RememberedSession;
  /** Conversations whose answers run in the background. */
  readonly background: Pick<BackgroundConversations, 'of'>;
  /** Cancels the running turn of a conversation, if there is one. */
  readonly cancel: (conversation: string) => void;
  /** Another conversation is about to be opened. */
  readonly onLeave: () => void;
  /** Another conversation was opened, or the open one got another session. */
  readonly onOpen: (past: RememberedSession) => void;
}

/** Opens conversations, and stores the changes of the open one. */
export interface ConversationController {
  /** Stores the effect of a change of the chat. */
  applyChange(step: ChatChange): void;
  /** Starts a conversation with this agent. */
  begin(agent: ConversationAgent | null): void;
  /** The agent of the open conversation, even if it is no longer listed; null if there is none. */
  agent(): ConversationAgent | null;
  /** The session of the open conversation; null without an agent. */
  session(): AgentSession | null;
  /** Opens a stored conversation, unless another is opened or a turn started meanwhile. */
  open(id: string): Promise<void>;
  /** Continues in another session, or for another actor. */
  identify(identity: { readonly actorId: string | null; readonly sessionId: string }): void;
  /** Starts a conversation with copies of the turns up to this one, which its session has not received. */
  fork(turn: string): void;
  /** Exports the open conversation. */
  export(as: 'json' | 'markdown'): FileMessage;
  /** Opens the conversation in a file; throws if the file is invalid. */
  import(content: string): void;
  rename(id: string, title: string): void;
  remove(id: string): void;
  /** Restores the conversation that was removed last; opens it if it was open and nothing replaced it. */
  restore(): Promise<void>;
}

/** Creates a controller with this conversation open. */
export function createConversationController(
  options: ConversationControllerOptions,
  first: ConversationHead,
): ConversationController {
  const { conversations, now, newId, state, change, remembered, background, cancel } = options;
  const { onLeave, onOpen } = options;
  let head = first;
  /** Counts opened conversations and started turns, so that a slow read does not replace a newer one. */
  let openings = 0;
  /** The conversation that replaced a removed one, and the removed one. */
  let replacement: { readonly id: string; readonly of: string } | null = null;

  function findHead(id: string): ConversationHead | undefined {
    return conversations.heads().find((one) => one.id === id);
  }

  function blank(agent: ConversationAgent | null): ConversationHead {
    return newHead({ agent, actorId: state().actorId, at: now(), newId });
  }

  /** The agent of the open conversation, at its current target if it is listed. */
  function agent(): ConversationAgent | null {
    const { agent: id, agents } = state();
    const { target, agentName: name } = head;
    return agents.find((one) => one.id === id) ?? (target && { name, target });
  }

  function show({ head: next, turns }: Conversation): void {
    openings += 1;
    onLeave();
    head = next;
    change({ type: 'conversation', ...describeOpened({ head, turns }) });
    onOpen(next);
  }

  function keep(next: ConversationHead): void {
    head = next;
    if (state().turns.length === 0) return;
    conversations.saveHead(head);
    const before = state().conversations.find(({ id }) => id === head.id);
    const after = summarizeConversation(head);
    if (!before || before.title !== after.title || before.updatedAt !== after.updatedAt) {
      change({ type: 'kept', conversation: after });
    }
  }

  /** Opens a new conversation with turns that its session has not received. */
  function copy({
    title,
    why,
    turns,
  }: {
    readonly title: string;
    readonly why: OpeningReason;
    readonly turns: readonly Turn[];
  }): void {
    const copied: ConversationHead = {
      ...blank(agent()),
      title,
      opening: turns.length > 0 ? { why } : null,
    };
    for (const turn of turns) conversations.saveTurn(copied.id, turn);
    show({ head: copied, turns });
    keep(copied);
  }

  async function open(id: string): Promise<void> {
    const own = (openings += 1);
    if (!findHead(id) || id === head.id) return;
    const turns = background.of(id)?.turns ?? (await conversations.turns(id));
    // It may have been renamed or removed while it was read.
    const kept = findHead(id);
    if (own === openings && kept) show({ head: kept, turns });
  }

  function begin(next: ConversationAgent | null): void {
    show({ head: blank(next), turns: [] });
  }

  return {
    begin,
    agent,
    session() {
      const { sessionId, actorId } = state();
      const target = agent()?.target;
      return target ? { target, sessionId, actorId } : null;
    },
    applyChange(step) {
      if (step.type === 'asked') openings += 1;
      const changed = updateHead(head, step, state(), now());
      if (changed !== null) keep({ ...changed, ...remembered() });
      const last = state().turns.at(-1);
      if (last && isStored(step, last)) conversations.saveTurn(head.id, last);
    },
    open,
    identify(identity) {
      const isOther = identity.sessionId !== head.sessionId;
      const hasTurns = state().turns.length > 0;
      cancel(head.id);
      change({ type: 'identity', ...identity });
      if (isOther)
        onOpen({ runStartedAt: null, opening: hasTurns ? { why: 'new-session' } : null });
    },
    fork(id) {
      const turns = state().turns;
      const upTo = turns.findIndex((turn) => turn.id === id) + 1;
      if (upTo === 0 || turns[upTo - 1]!.outcome === null) return;
      copy({
        title: defaultTitle(`Fork of ${head.title}`),
        why: 'forked',
        turns: turns.slice(0, upTo),
      });
    },
    export(as) {
      const conversation = { head, turns: state().turns };
      const name =
        head.title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '') || 'conversation';
      return as === 'json'
        ? {
            type: 'file',
            name: `${name}.json`,
            mediaType: 'application/json',
            content: exportConversation(conversation),
          }
        : {
            type: 'file',
            name: `${name}.md`,
            mediaType: 'text/markdown',
            content: toMarkdown(conversation),
          };
    },
    import(content) {
      const { title, turns } = importConversation(content);
      copy({ title: defaultTitle(title), why: 'imported', turns });
    },
    rename(id, title) {
      const kept = findHead(id);
      if (!kept || title.trim() === '') return;
      const renamed = { ...(id === head.id ? head : kept), title: defaultTitle(title) };
      if (id === head.id) head = renamed;
      conversations.saveHead(renamed);
      change({ type: 'kept', conversation: summarizeConversation(renamed) });
    },
    remove(id) {
      if (!findHead(id)) return;
      cancel(id);
      if (id === head.id) {
        begin(agent());
        replacement = { id: head.id, of: id };
      }
      conversations.remove(id);
      change({ type: 'removed', conversation: id });
    },
    async restore() {
      const { removed, turns } = state();
      if (removed === null) return;
      conversations.restore(removed.id);
      change({ type: 'restored' });
      const isMissed =
        replacement?.of === removed.id && replacement.id === head.id && turns.length === 0;
      if (isMissed) await open(removed.id);
    },
  };
}

/** True if the last turn is stored after this step. A running turn is stored again when it ends. */
function isStored({ type }: ChatChange, last: Turn): boolean {
  if (type === 'modelCalled') return last.outcome !== null;
  return type === 'asked' || type === 'closed' || type === 'opened';
}
