import type { ComponentChildren, JSX } from 'preact';
import { Icon } from '../icons.tsx';
import { foldLongRuns } from '../longRuns/foldLongRuns.tsx';

/** Shows an error message: its first line, and the other lines behind a disclosure. */
export function FailureBlock({
  title,
  message,
  headline = null,
  advice = null,
  children,
}: {
  readonly title: string;
  readonly message: string;
  /** The line to show if the whole message is collapsed; null to show the first line and the rest. */
  readonly headline?: string | null;
  /** Steps that may fix it; null if unknown. */
  readonly advice?: string | null;
  /** Links to more information. */
  readonly children?: ComponentChildren;
}): JSX.Element {
  const lines = message.trim().split('\n');
  const rest = headline === null || lines.length === 1 ? lines.slice(1) : lines;
  return (
    <div class="failure">
      <p class="title">
        <Icon name="warning" />
        {title}
      </p>
      <p class="message">{foldLongRuns(headline ?? lines[0]!)}</p>
      {rest.length > 0 && (
        <details open={headline === null}>
          <summary>
            {rest === lines
              ? `Show all ${lines.length} lines`
              : rest.length === 1
                ? '1 more line'
                : `${rest.length} more lines`}
          </summary>
          {/* Scrollable content must be focusable for keyboard users. */}
          <pre tabIndex={0}>{foldLongRuns(rest.join('\n'))}</pre>
        </details>
      )}
      {advice !== null && <p class="advice">{advice}</p>}
      {children}
    </div>
  );
}
