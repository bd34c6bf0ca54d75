/** What a view keeps of one conversation over a reload; everything else is the host's. */
export interface ConversationViewState {
  readonly draft: string;
  /** Whether the draft is a payload in JSON. */
  readonly isPayload: boolean;
  /** Where the reader was; null at the end, where what is new comes into sight by itself. */
  readonly scroll: number | null;
}

/** What it keeps of each, by their ids, the latest last. */
export type SavedViewState = Readonly<Record<string, ConversationViewState>>;

const NOTHING: ConversationViewState = { draft: '', isPayload: false, scroll: null };

/** Of more conversations nobody remembers what was begun in them. */
const MOST = 50;

/** By what those are remembered that have not begun. */
export const NEW_CONVERSATION_KEY = 'new';

/** By what it is remembered: of those that have not begun one is as good as another. */
export function viewStateKey({
  conversation,
  turns,
}: {
  readonly conversation: string;
  readonly turns: readonly unknown[];
}): string {
  return turns.length === 0 ? NEW_CONVERSATION_KEY : conversation;
}

/** What is remembered of one. */
export function readViewState(memories: SavedViewState, key: string): ConversationViewState {
  return memories[key] ?? NOTHING;
}

/** What is remembered when this is too; where nothing is left of one, it is forgotten. */
export function saveViewState(
  memories: SavedViewState,
  key: string,
  part: Partial<ConversationViewState>,
): SavedViewState {
  const { [key]: before = NOTHING, ...others } = memories;
  const next = { ...before, ...part };
  if (next.draft === '' && !next.isPayload && next.scroll === null) return others;
  return Object.fromEntries([...Object.entries(others).slice(1 - MOST), [key, next]]);
}

/** What is remembered when a conversation is there no more: its draft is another's that has none. */
export function transferDraft(memories: SavedViewState, from: string, to: string): SavedViewState {
  if (from === to || readViewState(memories, to).draft !== '') return memories;
  const { draft, isPayload } = readViewState(memories, from);
  return saveViewState(memories, to, { draft, isPayload });
}
