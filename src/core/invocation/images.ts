/** Media types of data URLs that the chat can show. */
const DISPLAYABLE = /^image\/(?:png|jpeg|gif|webp|avif|svg\+xml)$/;

const BASE64 = /^[A-Za-z\d+/]+={0,2}$/;

/** Longest base64 data; a longer image would exceed the text limit of an answer. */
const MAX_LENGTH = 750_000;

/** Formats a base64 image as Markdown; null if it cannot be shown. */
export function imageMarkdown(mediaType: string, data: string): string | null {
  const isShown = DISPLAYABLE.test(mediaType) && data.length <= MAX_LENGTH && BASE64.test(data);
  return isShown ? `![${mediaType}](data:${mediaType};base64,${data})` : null;
}

/** Number of bytes that base64 encodes. */
export function base64Size(base64: string): number {
  return Math.floor((base64.replace(/=+$/, '').length * 3) / 4);
}
