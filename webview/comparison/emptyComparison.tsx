import type { JSX } from 'preact';
import type { PerLane } from '../../src/shared/chat/comparison.ts';
import { ExamplePrompts } from '../examplePrompts.tsx';

/** Shown before the first message. */
export function EmptyComparison({
  names,
  canSend,
  onExample,
}: {
  readonly names: PerLane<string>;
  readonly canSend: boolean;
  readonly onExample: (prompt: string) => void;
}): JSX.Element {
  return (
    <div class="empty">
      <h2>Send one message to both agents</h2>
      <p>
        {names.left} and {names.right} receive it at the same time, each in its own session. To
        compare two versions of an agent, choose two of its endpoints.
      </p>
      <ExamplePrompts canSend={canSend} onExample={onExample} />
    </div>
  );
}
