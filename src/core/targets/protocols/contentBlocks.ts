import { extname } from 'node:path';
import type { FileContent } from '../../../shared/attachment.ts';

/** Files as agents of Bedrock's models take them: in the shape of its content blocks, with base64. */
export function contentBlocks(files: readonly FileContent[]): {
  readonly images: readonly object[];
  readonly files: readonly object[];
} {
  return {
    images: files.filter(isImage).map(({ mediaType, data }) => ({
      image: { format: mediaType.slice('image/'.length), source: { bytes: data } },
    })),
    files: files
      .filter((file) => !isImage(file))
      .map(({ name, data }) => ({
        document: { format: formatOf(name), name: documentName(name), source: { bytes: data } },
      })),
  };
}

/** Whether it is one to look at. */
export function isImage({ mediaType }: FileContent): boolean {
  return mediaType.startsWith('image/');
}

function formatOf(name: string): string {
  return extname(name).slice(1).toLowerCase() || 'txt';
}

/** Bedrock takes few signs in the names of documents, and no extension, which the format is. */
function documentName(name: string): string {
  const bare = name.slice(0, name.length - extname(name).length);
  return (
    bare
      .replace(/[^\p{L}\p{N}\s\-()[\]]+/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim() || 'file'
  );
}
