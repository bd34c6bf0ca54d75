import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { foldLongRuns } from '../longRuns/foldLongRuns.tsx';
import { SessionContext } from './sessionContext.ts';
import { useNow } from './useNow.ts';
import { startProgressLabel } from './sessionText.ts';

/** Number of output lines to show. */
const LINES = 5;

/** Placeholder for an answer that has not started, with the progress of the session start. */
export function WaitingIndicator({ agentName }: { readonly agentName: string }): JSX.Element {
  const { status } = useContext(SessionContext);
  const start = status.state === 'starting' ? status.start : null;
  const now = useNow(start !== null);
  const progress = start && startProgressLabel(start, now);
  return (
    <div class="waiting">
      <p class="pending">
        {start ? `Starting ${agentName}…` : `Waiting for ${agentName}…`}
        {/* Hidden from screen readers, because it changes every second. */}
        {progress && <span aria-hidden="true"> {progress}</span>}
      </p>
      <p role="status">{start?.warning}</p>
      {start !== null && start.printed !== null && (
        <figure>
          <figcaption>Last output</figcaption>
          {/* Scrollable content must be focusable for keyboard users. */}
          <pre tabIndex={0}>{foldLongRuns(start.printed.split('\n').slice(-LINES).join('\n'))}</pre>
        </figure>
      )}
    </div>
  );
}
