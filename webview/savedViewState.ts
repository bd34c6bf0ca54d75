/** View state of one conversation that survives a reload. The host keeps everything else. */
export interface ConversationViewState {
  readonly draft: string;
  /** True if the draft is a JSON payload. */
  readonly isPayload: boolean;
  /** Scroll position in pixels; null at the end, which the view follows. */
  readonly scroll: number | null;
}

/** Saved view states by conversation ID, the most recent last. */
export type SavedViewState = Readonly<Record<string, ConversationViewState>>;

const EMPTY: ConversationViewState = { draft: '', isPayload: false, scroll: null };

/** Number of conversations whose state is kept. */
const MAX_CONVERSATIONS = 50;

/** Shared key of all conversations without turns. */
export const NEW_CONVERSATION_KEY = 'new';

/** Key of a conversation in the saved state. */
export function viewStateKey({
  conversation,
  turns,
}: {
  readonly conversation: string;
  readonly turns: readonly unknown[];
}): string {
  return turns.length === 0 ? NEW_CONVERSATION_KEY : conversation;
}

/** Saved state of one conversation. */
export function readViewState(saved: SavedViewState, key: string): ConversationViewState {
  return saved[key] ?? EMPTY;
}

/** Adds a change to the saved state. A conversation without anything to save is removed. */
export function saveViewState(
  saved: SavedViewState,
  key: string,
  change: Partial<ConversationViewState>,
): SavedViewState {
  const { [key]: before = EMPTY, ...others } = saved;
  const next = { ...before, ...change };
  if (next.draft === '' && !next.isPayload && next.scroll === null) return others;
  return Object.fromEntries([...Object.entries(others).slice(1 - MAX_CONVERSATIONS), [key, next]]);
}

/** Moves the draft of a deleted conversation to another one, unless that has a draft. */
export function transferDraft(saved: SavedViewState, from: string, to: string): SavedViewState {
  if (from === to || readViewState(saved, to).draft !== '') return saved;
  const { draft, isPayload } = readViewState(saved, from);
  return saveViewState(saved, to, { draft, isPayload });
}
