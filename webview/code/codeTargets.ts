import { createContext } from 'preact';

/** Where code can go from here, beside the clipboard. */
export interface CodeTargets {
  /** To the cursor of an editor. */
  insert(text: string): void;
  /** To an editor of its own. */
  open(text: string, language: string): void;
}

/** Null where there is no editor beside the chat. */
export const CodeTargetsContext = createContext<CodeTargets | null>(null);
