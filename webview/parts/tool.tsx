import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ToolPart } from '../../src/shared/chat/answer.ts';
import { laidOut } from '../../src/shared/jsonLayout.ts';
import { Icon } from '../icons.tsx';
import { inWords } from './duration.ts';

/** The use of a tool: its name and how it went, and unfolded what it was given and gave back. */
export function Tool({
  tool: { name, input, result, startedAt, endedAt },
  growing,
}: {
  readonly tool: ToolPart;
  /** Whether the answer still comes, and with it perhaps the tool's. */
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
          {runs ? 'running…' : endedAt !== null && inWords(endedAt - startedAt)}
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
  // Of an answer with many tools every word that comes would lay all of them out again.
  const shown = useMemo(() => laidOut(text), [text]);
  return (
    <>
      <p class="label">{title}</p>
      {/* It scrolls, so the keyboard must be able to come to it. */}
      <pre tabIndex={0}>{shown}</pre>
    </>
  );
}
