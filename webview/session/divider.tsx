import type { JSX } from 'preact';
import type { Opening } from '../../src/shared/chat.ts';
import { reasonInWords } from './words.ts';

/** Between two turns that another machine answers each. */
export function Divider({ opening }: { readonly opening: Opening }): JSX.Element {
  return (
    <p class="divider">
      <strong>A new session begins here.</strong> The one before ended: {reasonInWords(opening.why)}
      . This one’s machine has not seen what stands above.
    </p>
  );
}
