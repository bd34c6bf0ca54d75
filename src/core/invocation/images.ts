/** What the chat's view draws of what is in an address itself. */
const DRAWN = /^image\/(?:png|jpeg|gif|webp|avif|svg\+xml)$/;

const BASE64 = /^[A-Za-z\d+/]+={0,2}$/;

/** Of an answer's words no more are shown than these and a few. */
const LONGEST = 750_000;

/** A picture in base64 as markdown; null where it cannot be shown. */
export function imageMarkdown(mediaType: string, data: string): string | null {
  const isShown = DRAWN.test(mediaType) && data.length <= LONGEST && BASE64.test(data);
  return isShown ? `![${mediaType}](data:${mediaType};base64,${data})` : null;
}

/** How many bytes there are in base64. */
export function base64Size(base64: string): number {
  return Math.floor((base64.replace(/=+$/, '').length * 3) / 4);
}
