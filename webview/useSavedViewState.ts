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

/** Saved state of the open conversation, and a function that saves changes. */
export interface SavedView {
  readonly start: ConversationViewState;
  save(change: Partial<ConversationViewState>): void;
}

/** Saves the view state of each conversation. */
export function useSavedViewState(
  { readState, saveState }: HostConnection,
  chat: ChatState,
): SavedView {
  const key = viewStateKey(chat);
  const last = useRef(key);
  const start = useMemo(() => {
    const previous = last.current;
    const isDeleted =
      previous !== NEW_CONVERSATION_KEY &&
      ![...chat.conversations, chat.removed].some((one) => one?.id === previous);
    // An ephemeral emulator restarted without its conversations: the draft moves to the open one.
    if (isDeleted) saveState(transferDraft(readState(), previous, key));
    return readViewState(readState(), key);
  }, [chat.conversation]);
  last.current = key;
  return { start, save: (change) => saveState(saveViewState(readState(), key, change)) };
}
