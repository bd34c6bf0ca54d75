import type { JSX } from 'preact';
import { Icon } from '../icons.tsx';
import { foldLongRuns } from '../longRuns/foldLongRuns.tsx';

/** Shows that a guardrail intervened. */
export function Guardrail({ text }: { readonly text: string }): JSX.Element {
  return (
    <p class="guardrail">
      <Icon name="shield" />
      <span>{foldLongRuns(text)}</span>
    </p>
  );
}
