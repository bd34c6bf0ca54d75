import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { findCaretLine } from './findCaretLine.ts';
import {
  currentDraft,
  createHistory,
  recall,
  currentText,
  writeText,
  type PromptHistory,
} from './history.ts';

/** Text of the composer, and functions that change it. */
export interface PromptHistoryState {
  readonly text: string;
  /** True if the text is an earlier prompt without edits. */
  readonly isRecalled: boolean;
  setText(text: string): void;
  /** Moves to an older (1) or newer (-1) prompt. Returns false unless the caret is in the outermost line. */
  move(step: 1 | -1): boolean;
}

/** Manages the text of the composer and its prompt history. */
export function usePromptHistory({
  textarea,
  start,
  prompts,
  onDraft,
  onChange,
}: {
  readonly textarea: RefObject<HTMLTextAreaElement | null>;
  /** The saved draft. */
  readonly start: string;
  /** Prompts that can be recalled, newest first. */
  readonly prompts: readonly string[];
  readonly onDraft: (draft: string) => void;
  readonly onChange: () => void;
}): PromptHistoryState {
  const [history, setHistory] = useState(() => createHistory(start));
  const [caret, setCaret] = useState<{ readonly at: number } | null>(null);

  useLayoutEffect(() => {
    if (caret !== null) textarea.current!.setSelectionRange(caret.at, caret.at);
  }, [caret]);

  function update(next: PromptHistory, draft: string): void {
    setHistory(next);
    onDraft(draft);
    onChange();
  }

  return {
    text: currentText(history, prompts),
    isRecalled: history.position > 0 && !history.edits.has(history.position),
    setText(text) {
      // Sending or clearing the text discards all edits.
      update(text === '' ? createHistory('') : writeText(history, text), text);
    },
    move(step) {
      const { first, last } = findCaretLine(textarea.current!);
      const next = (step === 1 ? first : last) ? recall(history, prompts, step) : null;
      if (next === null) return false;
      update(next, currentDraft(next));
      const recalled = currentText(next, prompts);
      // From here, the same key moves on.
      const firstLine = recalled.split('\n', 1)[0]!;
      setCaret({ at: step === 1 ? firstLine.length : recalled.length });
      return true;
    },
  };
}
