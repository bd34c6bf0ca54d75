import type { JSX } from 'preact';
import { Icon } from './icons.tsx';

/** What went wrong in somebody's own words: the first line to read, the rest to look into. */
export function FailureBlock({
  title,
  message,
  advice = null,
}: {
  readonly title: string;
  readonly message: string;
  /** What can be done about it; null where that is not known. */
  readonly advice?: string | null;
}): JSX.Element {
  const [first = '', ...rest] = message.trim().split('\n');
  return (
    <div class="failure">
      <p class="title">
        <Icon name="warning" />
        {title}
      </p>
      <p class="message">{first}</p>
      {rest.length > 0 && (
        <details open>
          <summary>{rest.length === 1 ? '1 more line' : `${rest.length} more lines`}</summary>
          {/* It scrolls, so the keyboard must be able to come to it. */}
          <pre tabIndex={0}>{rest.join('\n')}</pre>
        </details>
      )}
      {advice !== null && <p class="advice">{advice}</p>}
    </div>
  );
}
