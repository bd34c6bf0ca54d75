import type { LinkTarget } from './tree.ts';

/** URL of a link that is still streaming. */
export const PENDING_LINK = 'about:pending';

// Other schemes act within the page or VS Code (javascript:, command:, vscode:), or name files of an
// unknown machine.
const OPENS_OUTSIDE = /^(?:https?:\/\/|mailto:)/i;

// An <img> neither runs scripts of an SVG nor loads its resources.
const IMAGE = /^data:image\/(?:png|jpeg|gif|webp|avif|svg\+xml)[;,]/i;

/** Decides how a link may be opened. */
export function resolveLink(url: string): LinkTarget {
  if (url === PENDING_LINK) return { type: 'pending' };
  if (OPENS_OUTSIDE.test(url)) return { type: 'open', href: url };
  return { type: 'closed', written: url };
}

/** True for a data URI of an image, which loads nothing. */
export function isImageDataUri(url: string): boolean {
  return IMAGE.test(url);
}
