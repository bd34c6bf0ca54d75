import type { JSX } from 'preact';
import type { Opening } from '../../src/shared/chat/session.ts';
import { openingLabel } from './sessionText.ts';

/** Divider between two turns that different machines answer. */
export function Divider({ opening }: { readonly opening: Opening }): JSX.Element {
  return (
    <p class="divider">
      <strong>A new session starts here.</strong>
      <span>{openingLabel(opening)} This session’s machine has not received them.</span>
    </p>
  );
}
