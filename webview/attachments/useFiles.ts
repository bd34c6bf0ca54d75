import {
  validateAttachmentSize,
  type Attachment,
  type FileContent,
} from '../../src/shared/attachment.ts';
import type { ChatState } from '../../src/shared/chat/state.ts';
import type { AttachmentRequest } from '../../src/shared/schemas/viewMessage.ts';
import { readFile } from './readFile.ts';

/** Attachments of the draft, and functions that change them. */
export interface AttachmentOptions {
  readonly attachments: readonly Attachment[];
  readonly onAttach: (file: FileContent & { readonly thumbnail: string | null }) => void;
  /** Null if there is no editor beside the chat. */
  readonly onSelection: (() => void) | null;
  readonly onRemove: (id: string) => void;
}

/** Returns the attachments of a chat's draft; its host changes them. */
export function attachmentOptions(
  { attachments, hasEditor }: ChatState,
  post: (message: AttachmentRequest) => void,
): AttachmentOptions {
  return {
    attachments,
    onAttach: (file) => post({ type: 'attach', ...file }),
    onSelection: hasEditor ? () => post({ type: 'attachSelection' }) : null,
    onRemove: (id) => post({ type: 'detach', attachment: id }),
  };
}

/** Functions that attach files. */
export interface FileAttacher {
  attach(files: readonly File[]): void;
  /** Attaches pasted or dropped files. Returns false if there are none. */
  attachFrom(data: DataTransfer | null): boolean;
}

/** Reads and attaches files. `setProblem` receives why a file was rejected, and null before. */
export function useFiles(
  options: AttachmentOptions | null,
  setProblem: (why: string | null) => void,
): FileAttacher {
  async function attach(files: readonly File[]): Promise<void> {
    if (!options) return;
    setProblem(null);
    for (const file of files) {
      const why = validateAttachmentSize(file.name, file.size, options.attachments);
      if (why !== null) return setProblem(why);
      try {
        options.onAttach(await readFile(file));
      } catch (error) {
        return setProblem((error as Error).message);
      }
    }
  }

  return {
    attach: (files) => void attach(files),
    attachFrom(data) {
      const files = [...(data?.files ?? [])];
      if (!options || files.length === 0) return false;
      void attach(files);
      return true;
    },
  };
}
