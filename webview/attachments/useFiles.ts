import {
  validateAttachmentSize,
  type Attachment,
  type FileContent,
} from '../../src/shared/attachment.ts';
import { readFile } from './readFile.ts';

/** Where more than words can be sent. */
export interface AttachChoice {
  readonly attachments: readonly Attachment[];
  readonly onAttach: (file: FileContent & { readonly thumbnail: string | null }) => void;
  /** Null where there is no editor beside the chat. */
  readonly onSelection: (() => void) | null;
  readonly onRemove: (id: string) => void;
}

/** The ways of files into what will be sent. */
export interface FileUse {
  attach(files: readonly File[]): void;
  /** Takes files that are pasted or dropped; says whether there were any. */
  take(data: DataTransfer | null): boolean;
}

/** Reads files and attaches them; `refuse` is told why one cannot be, and null before. */
export function useFiles(
  choice: AttachChoice | null,
  refuse: (why: string | null) => void,
): FileUse {
  async function attach(files: readonly File[]): Promise<void> {
    if (!choice) return;
    refuse(null);
    for (const file of files) {
      const why = validateAttachmentSize(file.name, file.size, choice.attachments);
      if (why !== null) return refuse(why);
      try {
        choice.onAttach(await readFile(file));
      } catch (error) {
        return refuse((error as Error).message);
      }
    }
  }

  return {
    attach: (files) => void attach(files),
    take(data) {
      const files = [...(data?.files ?? [])];
      if (!choice || files.length === 0) return false;
      void attach(files);
      return true;
    },
  };
}
