import type { SessionStatus } from '../../src/shared/chat/session.ts';
import type { Failure } from '../../src/shared/chat/turn.ts';

/** Suggests what to do about the failure of the last turn; null if unknown. `session` is its current state. */
export function failureAdvice({ name, message }: Failure, session: SessionStatus): string | null {
  if (name === 'RetryableConflictException') {
    return 'The session is starting or stopping and cannot take another operation. Retry in a moment, or start a new session.';
  }
  if (session.state === 'ended') {
    // A session that never started has lost nothing.
    if (session.reason === 'start-failed') return null;
    return 'Retry sends the message to a new machine, without the memory of the old one.';
  }
  if (name !== 'Interrupted' && name !== 'BrokenAnswer' && !LOST.test(`${name} ${message}`)) {
    return null;
  }
  return session.state === 'active' || session.state === 'idle'
    ? 'The connection was lost, but the session is still running. Retry sends the message to it again.'
    : 'The connection was lost. Retry sends the message again under the same session ID.';
}

/** Error codes of Node and the AWS SDK for connections that fail. */
const LOST =
  /\b(?:ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|TimeoutError|socket hang up)\b/;
