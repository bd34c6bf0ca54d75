import type { JSX } from 'preact';

/** What the model thought before it spoke, to be unfolded. */
export function Thinking({
  text,
  growing,
}: {
  readonly text: string;
  readonly growing: boolean;
}): JSX.Element {
  return (
    <details class="thinking">
      <summary class={growing ? 'pending' : ''}>{growing ? 'Thinking…' : 'Thought'}</summary>
      <p class="thought" dir="auto">
        {text.trim()}
      </p>
    </details>
  );
}
