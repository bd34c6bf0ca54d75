import { createContext } from 'preact';
import { useMemo } from 'preact/hooks';
import type { CodeRequest } from '../../src/shared/schemas/viewMessage.ts';

/** Editor actions for a code block. */
export interface CodeTargets {
  /** Inserts code at the cursor of the active editor. */
  insert(text: string): void;
  /** Opens code in a new editor. */
  open(text: string, language: string): void;
}

/** Null if there is no editor beside the chat. */
export const CodeTargetsContext = createContext<CodeTargets | null>(null);

/** Returns the same editor actions until its arguments change, so that turns are not rendered again. */
export function useCodeTargets(
  hasEditor: boolean,
  post: (message: CodeRequest) => void,
): CodeTargets | null {
  return useMemo(
    () =>
      hasEditor
        ? {
            insert: (text) => post({ type: 'insertCode', text }),
            open: (text, language) => post({ type: 'openCode', text, language }),
          }
        : null,
    [hasEditor, post],
  );
}
