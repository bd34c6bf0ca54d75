import type { Selection } from '../../../shared/attachment.ts';

/** An editor beside the chat; what it cannot do rejects with the reason. */
export interface CodeEditor {
  /** What is selected, or the line where the cursor is; throws where no file is open. */
  selection(): Selection;
  /** Puts a text where the cursor is, in place of what is selected. */
  insert(text: string): Promise<void>;
  /** Shows a text in an editor of its own, in a language by whatever name it has. */
  open(text: string, language: string): Promise<void>;
}
