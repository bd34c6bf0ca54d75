import type { SessionPages } from '../../../shared/chat/session.ts';
import type { Selection } from '../../../shared/attachment.ts';

/** The editor of the host application. Methods reject with the reason of a failure. */
export interface CodeEditor {
  /** The selection, or the line of the cursor; throws if no file is open. */
  selection(): Selection;
  /** Inserts text at the cursor, in place of the selection. */
  insert(text: string): Promise<void>;
  /** Opens text in a new editor. `language` is any common name of its language. */
  open(text: string, language: string): Promise<void>;
  /** Shows a page of a session's machine beside the chat. */
  openPage(pages: SessionPages, port: number, emulatorUrl: string): Promise<void>;
}
