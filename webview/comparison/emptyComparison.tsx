import type { JSX } from 'preact';
import type { PerLane } from '../../src/shared/chat/comparison.ts';

// Any agent can try them, and the sample agents, which have no model, can do them.
const EXAMPLES = ['Remember that my city is Turin', 'What is 12 * 7?'];

/** What stands there before anything was asked. */
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
      <h2>One message to both</h2>
      <p>
        {names.left} and {names.right} get it at the same moment, each in a session of its own.
        Choose two agents, or two endpoints of one, to compare its versions.
      </p>
      <ul class="examples">
        {EXAMPLES.map((prompt) => (
          <li key={prompt}>
            <button type="button" disabled={!canSend} onClick={() => onExample(prompt)}>
              {prompt}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
