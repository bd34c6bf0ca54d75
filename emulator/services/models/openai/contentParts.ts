import type { MediaBlock } from '../modelRequest.ts';
import { invalidField, readDataUrl } from '../requestShape.ts';

/** Translates an image at an HTTP or data URL. */
export function readImageUrl(url: string, path: readonly PropertyKey[]): MediaBlock {
  return readUrl('image', url, path);
}

/** Translates a file whose data are base64, as a data URL or without its prefix. */
export function readFileData(
  data: string,
  name: string | undefined,
  path: readonly PropertyKey[],
): MediaBlock {
  const url = data.startsWith('data:') ? data : `data:application/pdf;base64,${data}`;
  return { ...readUrl('document', url, path), name };
}

export function readFileUrl(
  url: string,
  name: string | undefined,
  path: readonly PropertyKey[],
): MediaBlock {
  return { ...readUrl('document', url, path), name };
}

function readUrl(kind: MediaBlock['kind'], url: string, path: readonly PropertyKey[]): MediaBlock {
  const file = readDataUrl(url);
  if (file) {
    const { mimeType, bytes } = file;
    return { type: 'media', kind, mimeType, source: { type: 'bytes', bytes } };
  }
  if (!/^https?:\/\//.test(url)) {
    const shown = url.length > 40 ? `${url.slice(0, 40)}…` : url;
    throw invalidField(path, `expected an HTTP URL or a base64 data URL, but got "${shown}"`);
  }
  return { type: 'media', kind, mimeType: null, source: { type: 'url', url } };
}

/** Writes the arguments of a call as `parseArguments` reads them. */
export function writeArguments(input: unknown): string {
  return typeof input === 'string' ? input : JSON.stringify(input);
}
