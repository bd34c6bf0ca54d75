import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ToolPart } from '../../src/shared/chat/answer.ts';
import { formatJson } from '../../src/shared/formatJson.ts';
import { Icon } from '../icons.tsx';
import { foldedText } from '../longRuns/foldedText.tsx';
import { formatDuration } from './formatDuration.ts';

/** Shows a tool call: its name and status, and when opened its arguments and result. */
export function Tool({
  tool: { name, input, result, startedAt, endedAt },
  growing,
}: {
  readonly tool: ToolPart;
  /** True while the answer may grow, and may still contain the tool's result. */
  readonly growing: boolean;
}): JSX.Element {
  const runs = result === null && growing;
  return (
    <details class={runs ? 'tool runs' : result?.failed ? 'tool failed' : 'tool'}>
      <summary>
        <Icon name={result?.failed ? 'warning' : 'tool'} />
        <span class="name" title={name}>
          {name}
        </span>
        <span class="how">
          {result?.failed && 'failed after '}
          {runs ? 'running…' : endedAt !== null && formatDuration(endedAt - startedAt)}
        </span>
      </summary>
      {input !== '' && <Document title="Arguments" text={input} />}
      {result !== null && (
        <Document title={result.failed ? 'Failure' : 'Result'} text={result.text} />
      )}
      {result === null && !growing && <p class="remark">The agent did not tell its result.</p>}
    </details>
  );
}

function Document({ title, text }: { readonly title: string; readonly text: string }): JSX.Element {
  // Without this, each piece of an answer would format the documents of all its tool calls again.
  const shown = useMemo(() => foldedText(formatJson(text)), [text]);
  return (
    <>
      <p class="label">{title}</p>
      {/* It scrolls, so the keyboard must be able to reach it. */}
      <pre tabIndex={0}>{shown}</pre>
    </>
  );
}
