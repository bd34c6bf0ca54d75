import type { ComponentChildren, JSX } from 'preact';
import { Icon } from '../icons.tsx';

/** What went wrong in somebody's own words: the first line to read, the rest to look into. */
export function FailureBlock({
  title,
  message,
  headline = null,
  advice = null,
  children,
}: {
  readonly title: string;
  readonly message: string;
  /** The line to read, of those that need not be looked into; null for the first of all. */
  readonly headline?: string | null;
  /** What can be done about it; null where that is not known. */
  readonly advice?: string | null;
  /** Where there is more to see. */
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
      <p class="message">{headline ?? lines[0]}</p>
      {rest.length > 0 && (
        <details open={headline === null}>
          <summary>
            {rest === lines
              ? `All ${lines.length} lines`
              : rest.length === 1
                ? '1 more line'
                : `${rest.length} more lines`}
          </summary>
          {/* It scrolls, so the keyboard must be able to come to it. */}
          <pre tabIndex={0}>{rest.join('\n')}</pre>
        </details>
      )}
      {advice !== null && <p class="advice">{advice}</p>}
      {children}
    </div>
  );
}
