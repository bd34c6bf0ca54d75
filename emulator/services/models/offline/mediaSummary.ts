import type { MediaBlock } from '../modelRequest.ts';

/** Describes a file by kind, format, name and size: `an image (PNG, 12 kB)`. */
export function describeMedia({ kind, mimeType, name, source }: MediaBlock): string {
  const article = kind === 'image' || kind === 'audio' ? 'an' : 'a';
  const noun = kind === 'audio' ? 'audio recording' : kind;
  const format = mimeType?.split('/')[1]?.toUpperCase();
  const place = source.type === 'bytes' ? formatSize(source.bytes.length) : `at ${source.url}`;
  const detail = [name && `"${name}"`, format, place].filter(Boolean).join(', ');
  return `${article} ${noun} (${detail})`;
}

function formatSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
