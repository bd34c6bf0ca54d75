import type { JSX } from 'preact';
import { Icon } from '../icons.tsx';

/** Where a guardrail came between. */
export function Guardrail({ text }: { readonly text: string }): JSX.Element {
  return (
    <p class="guardrail">
      <Icon name="shield" />
      {text}
    </p>
  );
}
