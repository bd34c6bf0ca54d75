import type { SessionStatus } from '../../src/shared/chat/session.ts';
import type { Failure } from '../../src/shared/chat/turn.ts';

/**
 * What can be done about the failure of the last turn, where that is known; null where it is not.
 * `session` is what has become of the session since.
 */
export function failureAdvice({ name, message }: Failure, session: SessionStatus): string | null {
  if (name === 'RetryableConflictException') {
    return 'The session is just starting or ending, and takes one thing at a time. Retry in a moment, or take a new session.';
  }
  if (session.state === 'ended') {
    // Nothing had begun there that could be forgotten.
    if (session.reason === 'start-failed') return null;
    return 'Retry asks it on a fresh machine, which has forgotten everything.';
  }
  if (name !== 'Interrupted' && name !== 'BrokenAnswer' && !LOST.test(`${name} ${message}`)) {
    return null;
  }
  return session.state === 'active' || session.state === 'idle'
    ? 'The connection was lost, the session is kept: Retry asks the same again in it.'
    : 'The connection was lost. Retry asks the same again, under the same session id.';
}

/** What Node and the SDK call a connection that cannot be made or breaks. */
const LOST =
  /\b(?:ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|TimeoutError|socket hang up)\b/;
