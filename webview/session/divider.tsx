import type { JSX } from 'preact';
import type { Opening } from '../../src/shared/chat/session.ts';
import { openingLabel } from './sessionText.ts';

/** Between two turns that another machine answers each. */
export function Divider({ opening }: { readonly opening: Opening }): JSX.Element {
  return (
    <p class="divider">
      <strong>A new session begins here.</strong>
      <span>{openingLabel(opening)} This session’s machine has not seen it.</span>
    </p>
  );
}
