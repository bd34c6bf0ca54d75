import type { JSX } from 'preact';
import { Markdown } from '../markdown/markdown.tsx';

/** Shows the model's thinking, collapsed. */
export function Thinking({
  text,
  growing,
}: {
  readonly text: string;
  readonly growing: boolean;
}): JSX.Element {
  return (
    <details class={growing ? 'thinking runs' : 'thinking'}>
      <summary>{growing ? 'Thinking…' : 'Thinking'}</summary>
      <div class="thinkingText">
        <Markdown text={text} growing={growing} />
      </div>
    </details>
  );
}
