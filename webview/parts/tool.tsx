import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ToolPart } from '../../src/shared/chat/answer.ts';
import { formatJson } from '../../src/shared/formatJson.ts';
import { Icon } from '../icons.tsx';
import { foldLongRuns } from '../longRuns/foldLongRuns.tsx';
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
        <span class="status">
          {result?.failed && 'failed after '}
          {runs ? 'running…' : endedAt !== null && formatDuration(endedAt - startedAt)}
        </span>
      </summary>
      {input !== '' && <Document title="Arguments" text={input} />}
      {result !== null && (
        <Document title={result.failed ? 'Failure' : 'Result'} text={result.text} />
      )}
      {result === null && !growing && <p class="remark">The agent did not report a result.</p>}
    </details>
  );
}

function Document({ title, text }: { readonly title: string; readonly text: string }): JSX.Element {
  // Memoized, because each event of an answer renders all its tool calls again.
  const shown = useMemo(() => foldLongRuns(formatJson(text)), [text]);
  return (
    <>
      <p class="label">{title}</p>
      {/* Scrollable content must be focusable for keyboard users. */}
      <pre tabIndex={0}>{shown}</pre>
    </>
  );
}
