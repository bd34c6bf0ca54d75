import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { caretLine } from './caretLine.ts';
import {
  currentDraft,
  createHistory,
  recall,
  currentText,
  writeText,
  type PromptHistory,
} from './history.ts';

/** What stands in the textbox, and the ways to change it. */
export interface PromptHistoryState {
  readonly text: string;
  /** Whether it is a prompt that was sent, as it was. */
  readonly isRecalled: boolean;
  type(text: string): void;
  /** Goes back or forth in what was sent, from the text's edge; says whether it did. */
  travel(step: 1 | -1): boolean;
}

/** Keeps what is written, and the way back to what was sent. */
export function usePromptHistory({
  textarea,
  start,
  prompts,
  onDraft,
  onChange,
}: {
  readonly textarea: RefObject<HTMLTextAreaElement | null>;
  /** The draft that was kept. */
  readonly start: string;
  /** What can be recalled, the newest first. */
  readonly prompts: readonly string[];
  readonly onDraft: (draft: string) => void;
  readonly onChange: () => void;
}): PromptHistoryState {
  const [line, setLine] = useState(() => createHistory(start));
  const [caret, setCaret] = useState<{ readonly at: number } | null>(null);

  useLayoutEffect(() => {
    if (caret !== null) textarea.current!.setSelectionRange(caret.at, caret.at);
  }, [caret]);

  function put(next: PromptHistory, draft: string): void {
    setLine(next);
    onDraft(draft);
    onChange();
  }

  return {
    text: currentText(line, prompts),
    isRecalled: line.place > 0 && !line.written.has(line.place),
    type(text) {
      // What is sent, or taken away, leads back to nothing.
      put(text === '' ? createHistory('') : writeText(line, text), text);
    },
    travel(step) {
      const { first, last } = caretLine(textarea.current!);
      const next = (step === 1 ? first : last) ? recall(line, prompts, step) : null;
      if (next === null) return false;
      put(next, currentDraft(next));
      const recalled = currentText(next, prompts);
      // There the next press of the same key leads on.
      const firstLine = recalled.split('\n', 1)[0]!;
      setCaret({ at: step === 1 ? firstLine.length : recalled.length });
      return true;
    },
  };
}
