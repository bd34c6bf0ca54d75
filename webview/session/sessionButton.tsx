import type { JSX } from 'preact';
import type { SessionStatus } from '../../src/shared/chat/session.ts';
import { stateLabel, formatTimeLeft } from './sessionText.ts';
import { useNow } from './useNow.ts';

/** How the session is, always in sight; pressed, it opens and closes the panel about it. */
export function SessionButton({
  session,
  sessionId,
  isOpen,
  onToggle,
}: {
  readonly session: SessionStatus;
  readonly sessionId: string;
  readonly isOpen: boolean;
  readonly onToggle: (button: HTMLElement) => void;
}): JSX.Element {
  const now = useNow(session.state === 'idle');
  const words = stateLabel(session);
  return (
    <button
      type="button"
      class={`session ${session.state}`}
      title={`Session ${sessionId}`}
      aria-expanded={isOpen}
      onClick={({ currentTarget }) => onToggle(currentTarget)}
    >
      <span class="lamp" />
      {session.state !== 'unknown' && <span class="unseen">Session: </span>}
      <span class="state">{words}</span>
      {session.state === 'idle' && (
        // For eyes alone: a name that changes every second could not be listened to.
        <span class="countdown" aria-hidden="true">
          {session.estimate && 'about '}
          {formatTimeLeft(session.endsAt, now)}
        </span>
      )}
    </button>
  );
}
