import type { JSX } from 'preact';
import { Markdown } from '../markdown/markdown.tsx';

/** What the model thought before it spoke, to be unfolded. */
export function Thinking({
  text,
  growing,
}: {
  readonly text: string;
  readonly growing: boolean;
}): JSX.Element {
  return (
    <details class={growing ? 'thinking runs' : 'thinking'}>
      <summary>{growing ? 'Thinking…' : 'Thought'}</summary>
      <div class="thought">
        <Markdown text={text} growing={growing} />
      </div>
    </details>
  );
}
