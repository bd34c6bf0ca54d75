import type { LinkTarget } from './tree.ts';

/** What stands for the address of a link that is still being written. */
export const PENDING_LINK = 'about:pending';

// All else acts within the page or within VS Code (javascript:, command:, vscode:), or means a file
// of a machine that we do not know.
const OPENS_OUTSIDE = /^(?:https?:\/\/|mailto:)/i;

// An <img> runs no script of an SVG, and loads nothing for it.
const IMAGE = /^data:image\/(?:png|jpeg|gif|webp|avif|svg\+xml)[;,]/i;

/** Where a link with this address may lead. */
export function resolveLink(address: string): LinkTarget {
  if (address === PENDING_LINK) return { type: 'pending' };
  if (OPENS_OUTSIDE.test(address)) return { type: 'open', href: address };
  return { type: 'closed', written: address };
}

/** Whether an image is in its address, so that nothing needs to be loaded for it. */
export function isImageDataUri(address: string): boolean {
  return IMAGE.test(address);
}
