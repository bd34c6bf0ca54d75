import type { JSX } from 'preact';

/** What the agent says. */
export function Text({ text }: { readonly text: string }): JSX.Element {
  return (
    <p class="text" dir="auto">
      {text}
    </p>
  );
}
