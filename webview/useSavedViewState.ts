import { useMemo, useRef } from 'preact/hooks';
import type { ChatState } from '../src/shared/chat/state.ts';
import {
  transferDraft,
  NEW_CONVERSATION_KEY,
  viewStateKey,
  readViewState,
  saveViewState,
  type ConversationViewState,
} from './savedViewState.ts';
import type { HostConnection } from './hostConnection.ts';

/** What was remembered of the open conversation when it was opened, and how more is. */
export interface SavedView {
  readonly start: ConversationViewState;
  keep(part: Partial<ConversationViewState>): void;
}

/** Remembers what was begun in each conversation. */
export function useSavedViewState(
  { recall, remember: write }: HostConnection,
  chat: ChatState,
): SavedView {
  const key = viewStateKey(chat);
  const last = useRef(key);
  const start = useMemo(() => {
    const left = last.current;
    const isGone =
      left !== NEW_CONVERSATION_KEY &&
      ![...chat.conversations, chat.removed].some((one) => one?.id === left);
    // An emulator that keeps nothing has come back: what was written is for whom one talks to now.
    if (isGone) write(transferDraft(recall(), left, key));
    return readViewState(recall(), key);
  }, [chat.conversation]);
  last.current = key;
  return { start, keep: (part) => write(saveViewState(recall(), key, part)) };
}
