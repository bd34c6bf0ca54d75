import type { ComponentChildren, JSX } from 'preact';
import type { Loadable } from '../../src/shared/loadable.ts';
import { FailureBlock } from '../turn/failure.tsx';

/** Shows a loaded value, a progress text, or why loading failed. */
export function LoadableView<Value>({
  loadable,
  pending,
  children,
}: {
  readonly loadable: Loadable<Value>;
  readonly pending: string;
  readonly children?: (value: Value) => ComponentChildren;
}): JSX.Element {
  return (
    <div class="loadable" role="status">
      {loadable.state === 'loading' && <p class="pending">{pending}</p>}
      {loadable.state === 'failed' && (
        <FailureBlock title="Request failed" message={loadable.message} />
      )}
      {loadable.state === 'loaded' && children?.(loadable.value)}
    </div>
  );
}
