import type { JSX } from 'preact';
import { describeHiddenFields, type DataPart, type Part } from '../../src/shared/chat/answer.ts';
import { foldLongRuns } from '../longRuns/foldLongRuns.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { Guardrail } from './guardrail.tsx';
import { Thinking } from './thinking.tsx';
import { Tool } from './tool.tsx';

/** Renders a part of an answer. */
export function PartView({
  part,
  growing,
}: {
  readonly part: Part;
  /** True while the part may grow. */
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
      return <p class="remark">{foldLongRuns(part.text)}</p>;
  }
}

function Data({ data: { json, leftOut } }: { readonly data: DataPart }): JSX.Element {
  // Scrollable content must be focusable for keyboard users.
  const whole = <pre tabIndex={0}>{foldLongRuns(json)}</pre>;
  if (leftOut === undefined) return whole;
  return (
    <details>
      <summary>{describeHiddenFields(leftOut)}</summary>
      {whole}
    </details>
  );
}
