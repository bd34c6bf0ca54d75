import type { JSX } from 'preact';
import { Icon } from './icons.tsx';
import { IconButton } from './iconButton.tsx';

/** Error message of the last request, until the user dismisses it. */
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
      {problem !== null && <IconButton icon="close" name="Dismiss" onClick={onDismiss} />}
    </div>
  );
}
