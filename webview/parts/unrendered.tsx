import type { JSX } from 'preact';
import type { Part } from '../../src/shared/chat/answer.ts';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { foldedText } from '../longRuns/foldedText.tsx';

/** Shows the source of a part of an answer that could not be rendered. */
export function UnrenderedPart({ part }: { readonly part: Part }): JSX.Element {
  return <Undrawn what="this part of the answer" text={rawOf(part)} />;
}

/** Shows the source of a turn that could not be rendered. */
export function UnrenderedTurn({ turn }: { readonly turn: Turn }): JSX.Element {
  return (
    <>
      <article class="prompt" aria-label="You">
        <pre tabIndex={0}>{foldedText(turn.prompt)}</pre>
      </article>
      <article class="answer">
        <Undrawn what="this turn" text={turn.parts.map(rawOf).join('\n\n')} />
      </article>
    </>
  );
}

function Undrawn({ what, text }: { readonly what: string; readonly text: string }): JSX.Element {
  return (
    <>
      <p class="remark">The chat cannot draw {what}. As it came:</p>
      {/* It scrolls, so the keyboard must be able to reach it. */}
      <pre tabIndex={0}>{foldedText(text)}</pre>
    </>
  );
}

function rawOf(part: Part): string {
  switch (part.type) {
    case 'data':
      return part.json;
    case 'tool':
      return [part.name, part.input, part.result?.text].filter(Boolean).join('\n');
    case 'text':
    case 'thinking':
    case 'guardrail':
    case 'notice':
      return part.text;
  }
}
