import type { JSX } from 'preact';
import type { Part } from '../../src/shared/chat/answer.ts';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { foldLongRuns } from '../longRuns/foldLongRuns.tsx';

/** Shows the source of a part of an answer that could not be rendered. */
export function UnrenderedPart({ part }: { readonly part: Part }): JSX.Element {
  return <SourceText what="this part of the answer" text={formatSource(part)} />;
}

/** Shows the source of a turn that could not be rendered. */
export function UnrenderedTurn({ turn }: { readonly turn: Turn }): JSX.Element {
  return (
    <>
      <article class="prompt" aria-label="You">
        <pre tabIndex={0}>{foldLongRuns(turn.prompt)}</pre>
      </article>
      <article class="answer">
        <SourceText what="this turn" text={turn.parts.map(formatSource).join('\n\n')} />
      </article>
    </>
  );
}

function SourceText({ what, text }: { readonly what: string; readonly text: string }): JSX.Element {
  return (
    <>
      <p class="remark">Cannot render {what}. Source text:</p>
      {/* Scrollable content must be focusable for keyboard users. */}
      <pre tabIndex={0}>{foldLongRuns(text)}</pre>
    </>
  );
}

function formatSource(part: Part): string {
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
