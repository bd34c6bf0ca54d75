import { extname } from 'node:path';
import type { FileContent } from '../../../shared/attachment.ts';

/** Files in the form of Bedrock's content blocks, with base64 data. */
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
        document: { format: readFormat(name), name: toDocumentName(name), source: { bytes: data } },
      })),
  };
}

/** True for an image. */
export function isImage({ mediaType }: FileContent): boolean {
  return mediaType.startsWith('image/');
}

function readFormat(name: string): string {
  return extname(name).slice(1).toLowerCase() || 'txt';
}

/** Bedrock allows few characters in a document's name; the format replaces the extension. */
function toDocumentName(name: string): string {
  const bare = name.slice(0, name.length - extname(name).length);
  return (
    bare
      .replace(/[^\p{L}\p{N}\s\-()[\]]+/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim() || 'file'
  );
}
