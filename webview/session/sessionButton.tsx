import type { JSX } from 'preact';
import type { SessionStatus } from '../../src/shared/chat/session.ts';
import { hasFailed, stateLabel, formatTimeLeft } from './sessionText.ts';
import { useNow } from './useNow.ts';

/** Shows the state of the session and toggles its panel. */
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
  const label = stateLabel(session);
  return (
    <button
      type="button"
      class={`session ${session.state}${hasFailed(session) ? ' failed' : ''}`}
      title={`Session ${sessionId}`}
      aria-expanded={isOpen}
      onClick={({ currentTarget }) => onToggle(currentTarget)}
    >
      <span class="statusDot" />
      {session.state !== 'unknown' && <span class="visuallyHidden">Session: </span>}
      <span class="state">{label}</span>
      {session.state === 'idle' && (
        // Hidden from screen readers, which would read the label again every second.
        <span class="countdown" title="Time until the session ends" aria-hidden="true">
          {session.estimate && 'about '}
          {formatTimeLeft(session.endsAt, now)}
        </span>
      )}
    </button>
  );
}
