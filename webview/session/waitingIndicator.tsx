import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { foldedText } from '../longRuns/foldedText.tsx';
import { SessionContext } from './sessionContext.ts';
import { useNow } from './useNow.ts';
import { startProgressLabel } from './sessionText.ts';

/** How many of a starting agent's lines are shown. */
const LINES = 5;

/** In place of an answer of which nothing has come: what is waited for, and what keeps it. */
export function WaitingIndicator({ agentName }: { readonly agentName: string }): JSX.Element {
  const { status } = useContext(SessionContext);
  const start = status.state === 'starting' ? status.start : null;
  const now = useNow(start !== null);
  const spent = start && startProgressLabel(start, now);
  return (
    <div class="waiting">
      <p class="pending">
        {start ? `Starting ${agentName}…` : `Waiting for ${agentName}…`}
        {/* For eyes alone: it changes every second. */}
        {spent && <span aria-hidden="true"> {spent}</span>}
      </p>
      <p role="status">{start?.warning}</p>
      {start !== null && start.printed !== null && (
        <figure>
          <figcaption>It printed last</figcaption>
          {/* It scrolls, so the keyboard must be able to come to it. */}
          <pre tabIndex={0}>{foldedText(start.printed.split('\n').slice(-LINES).join('\n'))}</pre>
        </figure>
      )}
    </div>
  );
}
