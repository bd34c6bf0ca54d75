import type { JSX } from 'preact';
import { Icon } from '../icons.tsx';
import { foldedText } from '../longRuns/foldedText.tsx';

/** Shows that a guardrail intervened. */
export function Guardrail({ text }: { readonly text: string }): JSX.Element {
  return (
    <p class="guardrail">
      <Icon name="shield" />
      <span>{foldedText(text)}</span>
    </p>
  );
}
