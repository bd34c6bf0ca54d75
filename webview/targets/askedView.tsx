import type { ComponentChildren, JSX } from 'preact';
import type { Asked } from '../../src/shared/targets.ts';
import { FailureBlock } from '../turn/failure.tsx';

/** What was asked for, once it has come; before that, and instead of it, how it stands with it. */
export function AskedView<Value>({
  asked,
  pending,
  children,
}: {
  readonly asked: Asked<Value>;
  readonly pending: string;
  readonly children?: (value: Value) => ComponentChildren;
}): JSX.Element {
  return (
    <div class="asked" role="status">
      {asked.state === 'asking' && <p class="pending">{pending}</p>}
      {asked.state === 'refused' && <FailureBlock title="It was refused" message={asked.why} />}
      {asked.state === 'told' && children?.(asked.value)}
    </div>
  );
}
