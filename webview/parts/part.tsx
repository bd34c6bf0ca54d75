import type { JSX } from 'preact';
import { moreFields, type DataPart, type Part } from '../../src/shared/chat/answer.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { Guardrail } from './guardrail.tsx';
import { Thinking } from './thinking.tsx';
import { Tool } from './tool.tsx';

/** A piece of an answer. */
export function PartView({
  part,
  growing,
}: {
  readonly part: Part;
  /** Whether more of it may come. */
  readonly growing: boolean;
}): JSX.Element {
  switch (part.type) {
    case 'text':
      return <Markdown text={part.text} growing={growing} />;
    case 'thinking':
      return <Thinking text={part.text} growing={growing} />;
    case 'tool':
      return <Tool tool={part} growing={growing} />;
    case 'guardrail':
      return <Guardrail text={part.text} />;
    case 'data':
      return <Data data={part} />;
    case 'notice':
      return <p class="remark">{part.text}</p>;
  }
}

function Data({ data: { json, leftOut } }: { readonly data: DataPart }): JSX.Element {
  // It scrolls, so the keyboard must be able to come to it.
  const whole = <pre tabIndex={0}>{json}</pre>;
  if (leftOut === undefined) return whole;
  return (
    <details>
      <summary>{moreFields(leftOut)}</summary>
      {whole}
    </details>
  );
}
