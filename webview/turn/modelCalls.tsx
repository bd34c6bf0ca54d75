import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Usage } from '../../src/shared/chat/answer.ts';
import {
  describeModelCall,
  describeModelCalls,
  type TurnModelCalls,
} from '../../src/shared/chat/modelCalls.ts';
import { describeModel } from '../../src/shared/modelName.ts';
import type { ModelCallSummary } from '../../src/shared/session.ts';
import { describeUsage } from './describeUsage.ts';
import { Figures } from './figures.tsx';

/** Shows the totals of a turn's model calls, and each call when opened. */
export function ModelCalls({
  calls,
  reported,
}: {
  readonly calls: TurnModelCalls;
  /** Usage that the agent itself reported; it may count the same calls. */
  readonly reported: Usage | null;
}): JSX.Element {
  const [isOpen, setIsOpen] = useState(false);
  const { listed, total } = calls;
  const more = total.calls - listed.length;
  const usage = reported ? describeUsage(reported) : [];
  return (
    <details
      class="modelCalls"
      open={isOpen}
      onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
    >
      <summary>
        <span>
          <Figures figures={describeModelCalls(calls)} />
        </span>
      </summary>
      {isOpen && (
        // Scrollable content must be focusable for keyboard users.
        <ol tabIndex={0} aria-label="Model calls">
          {listed.map((call, index) => (
            <ModelCallRow key={index} call={call} />
          ))}
          {more > 0 && (
            <li class="remark">
              {more.toLocaleString('en')} more {more === 1 ? 'call' : 'calls'}, included in the
              totals
            </li>
          )}
          {usage.length > 0 && (
            <li class="remark">
              Reported by the agent itself: <Figures figures={usage} />
            </li>
          )}
        </ol>
      )}
    </details>
  );
}

function ModelCallRow({ call }: { readonly call: ModelCallSummary }): JSX.Element {
  return (
    <li class={call.error === null ? undefined : 'failed'}>
      <p class="callName">
        <code>{call.model}</code> <span class="remark">· {describeModel(call.backend)}</span>
      </p>
      <p class="metrics">
        <Figures figures={describeModelCall(call)} />
      </p>
      {call.error !== null && <p class="fieldError">{call.error}</p>}
    </li>
  );
}
