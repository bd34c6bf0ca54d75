import { isLoopback } from '../loopback.ts';
import type { SessionPages } from './session.ts';

/** The parts of an emulator's URL, as URL and Location have them. */
interface BaseAddress {
  readonly origin: string;
  readonly hostname: string;
  readonly port: string;
}

/** Returns the URL of a page in a session's machine, at the emulator that a base URL names. */
export function pageAddress(pages: SessionPages, port: number, base: BaseAddress): string {
  if (!isLoopback(base.hostname)) return forwardedPageAddress(pages, port, base);
  // Browsers resolve names below localhost. The page gets its own origin, at its own root.
  return `http://${pages.token}-${port}.localhost:${base.port}/`;
}

/** Returns the URL of a page where only the emulator's port is forwarded to the browser. */
export function forwardedPageAddress(
  { token }: SessionPages,
  port: number,
  { origin }: BaseAddress,
): string {
  return `${origin}/~${token}:${port}/`;
}
