import {
  MAX_ATTACHMENT_BYTES,
  validateAttachmentSize,
  type AttachedFile,
  type Attachment,
  type FileContent,
} from '../../../shared/attachment.ts';

/** Contents of attached files. Views hold only their names. */
export interface AttachmentContents {
  /** Adds a file to the current attachments; throws if it is too large. */
  add(
    file: FileContent & { readonly thumbnail: string | null },
    attached: readonly Attachment[],
  ): AttachedFile;
  /** Contents of files that are still available. */
  findAvailable(attachments: readonly Attachment[]): readonly FileContent[];
  /** Names of files whose content is no longer available. */
  listMissing(attachments: readonly Attachment[]): readonly string[];
  /** Contents of files; throws if one is no longer available. */
  requireAll(attachments: readonly Attachment[]): readonly FileContent[];
}

/** Upper bound of sent contents that are kept for a retry. Current attachments are always kept. */
const MOST_KEPT = 3 * MAX_ATTACHMENT_BYTES;

/** Creates a store that lasts as long as the program. */
export function createAttachmentContents(newId: () => string): AttachmentContents {
  const contents = new Map<string, FileContent & { readonly size: number }>();

  function dropOldContents(): void {
    let kept = [...contents.values()].reduce((sum, { size }) => sum + size, 0);
    for (const [id, { size }] of contents) {
      if (kept <= MOST_KEPT) return;
      contents.delete(id);
      kept -= size;
    }
  }

  function findAvailable(attachments: readonly Attachment[]): readonly FileContent[] {
    return attachments.flatMap(({ id }) => contents.get(id) ?? []);
  }

  function listMissing(attachments: readonly Attachment[]): readonly string[] {
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
      dropOldContents();
      const type = mediaType.startsWith('image/') ? 'image' : 'file';
      return { type, id, name, mediaType, size, thumbnail };
    },
    findAvailable,
    listMissing,
    requireAll(attachments) {
      const [first] = listMissing(attachments);
      if (first === undefined) return findAvailable(attachments);
      throw new Error(`The content of ${first} is no longer available. Attach it again.`);
    },
  };
}
