import {
  MAX_ATTACHMENT_BYTES,
  validateAttachmentSize,
  type AttachedFile,
  type Attachment,
  type FileContent,
} from '../../../shared/attachment.ts';

/** The contents of files, which no view keeps. */
export interface AttachmentContents {
  /** Takes a file in beside those that are attached; throws where it is too large. */
  add(
    file: FileContent & { readonly thumbnail: string | null },
    attached: readonly Attachment[],
  ): AttachedFile;
  /** What files hold, as far as it is still kept. */
  of(attachments: readonly Attachment[]): readonly FileContent[];
  /** The names of those whose content is no longer kept. */
  gone(attachments: readonly Attachment[]): readonly string[];
  /** What they hold; throws where one of them is no longer kept. */
  allOf(attachments: readonly Attachment[]): readonly FileContent[];
}

/** What is attached now is kept, and of what was sent as much as may be sent again. */
const MOST_KEPT = 3 * MAX_ATTACHMENT_BYTES;

/** Keeps what was attached for as long as the program runs. */
export function createAttachmentContents(newId: () => string): AttachmentContents {
  const contents = new Map<string, FileContent & { readonly size: number }>();

  function makeRoom(): void {
    let kept = [...contents.values()].reduce((sum, { size }) => sum + size, 0);
    for (const [id, { size }] of contents) {
      if (kept <= MOST_KEPT) return;
      contents.delete(id);
      kept -= size;
    }
  }

  function of(attachments: readonly Attachment[]): readonly FileContent[] {
    return attachments.flatMap(({ id }) => contents.get(id) ?? []);
  }

  function gone(attachments: readonly Attachment[]): readonly string[] {
    return attachments
      .filter(({ id, type }) => type !== 'selection' && !contents.has(id))
      .map(({ name }) => name);
  }

  return {
    add({ name, mediaType, data, thumbnail }, attached) {
      const size = Buffer.byteLength(data, 'base64');
      const refusal = validateAttachmentSize(name, size, attached);
      if (refusal !== null) throw new Error(refusal);
      const id = newId();
      contents.set(id, { name, mediaType, data, size });
      makeRoom();
      const type = mediaType.startsWith('image/') ? 'image' : 'file';
      return { type, id, name, mediaType, size, thumbnail };
    },
    of,
    gone,
    allOf(attachments) {
      const [first] = gone(attachments);
      if (first === undefined) return of(attachments);
      throw new Error(
        `The content of ${first} is not kept so long, or over a restart. Attach it again.`,
      );
    },
  };
}
