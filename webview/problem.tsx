import type { JSX } from 'preact';
import { Icon } from './icons.tsx';

/** Why what was asked for could not be done, until it has been read. */
export function Problem({
  problem,
  onDismiss,
}: {
  readonly problem: string | null;
  readonly onDismiss: () => void;
}): JSX.Element {
  return (
    <div class="aside problem">
      <div role="alert">
        {problem !== null && (
          <p>
            <Icon name="warning" />
            {problem}
          </p>
        )}
      </div>
      {problem !== null && (
        <button type="button" aria-label="Dismiss" title="Dismiss" onClick={onDismiss}>
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
