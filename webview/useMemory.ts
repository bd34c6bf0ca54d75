import { useMemo, useRef } from 'preact/hooks';
import type { ChatState } from '../src/shared/chat/state.ts';
import { handOver, NOT_BEGUN, memoryKey, memoryOf, remember, type Memory } from './memory.ts';
import type { Transport } from './transport.ts';

/** What was remembered of the open conversation when it was opened, and how more is. */
export interface MemoryUse {
  readonly start: Memory;
  keep(part: Partial<Memory>): void;
}

/** Remembers what was begun in each conversation. */
export function useMemory({ recall, remember: write }: Transport, chat: ChatState): MemoryUse {
  const key = memoryKey(chat);
  const last = useRef(key);
  const start = useMemo(() => {
    const left = last.current;
    const isGone =
      left !== NOT_BEGUN && ![...chat.conversations, chat.removed].some((one) => one?.id === left);
    // An emulator that keeps nothing has come back: what was written is for whom one talks to now.
    if (isGone) write(handOver(recall(), left, key));
    return memoryOf(recall(), key);
  }, [chat.conversation]);
  last.current = key;
  return { start, keep: (part) => write(remember(recall(), key, part)) };
}
