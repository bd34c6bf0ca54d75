import type { Failure } from '../src/shared/chat/turn.ts';

/** What can be done about a failure, where that is known; null where it is not. */
export function adviceOn({ name, message }: Failure): string | null {
  if (name === 'RetryableConflictException') {
    return 'The session is just starting or ending, and takes one thing at a time. Retry in a moment, or take a new session.';
  }
  if (name === 'Interrupted' || name === 'BrokenAnswer' || LOST.test(`${name} ${message}`)) {
    return 'The connection was lost, the session is kept: Retry asks the same again in it.';
  }
  return null;
}

/** What Node and the SDK call a connection that cannot be made or breaks. */
const LOST =
  /\b(?:ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|TimeoutError|socket hang up)\b/;
