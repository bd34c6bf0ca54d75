import type { Selection } from '../../../shared/attachment.ts';

/** The editor of the host application. Rejects with the reason if it cannot do something. */
export interface CodeEditor {
  /** The selection, or the line of the cursor; throws if no file is open. */
  selection(): Selection;
  /** Puts a text where the cursor is, in place of what is selected. */
  insert(text: string): Promise<void>;
  /** Shows a text in an editor of its own, in a language by whatever name it has. */
  open(text: string, language: string): Promise<void>;
}
