import { createContext } from 'preact';

/** Editor actions for a code block. */
export interface CodeTargets {
  /** Inserts code at the cursor of the active editor. */
  insert(text: string): void;
  /** Opens code in a new editor. */
  open(text: string, language: string): void;
}

/** Null if there is no editor beside the chat. */
export const CodeTargetsContext = createContext<CodeTargets | null>(null);
