import type { JSX } from 'preact';

// The sample agents support these prompts without a model.
const EXAMPLES = ['Remember that my city is Turin', 'What is 12 * 7?'];

/** Buttons that send example prompts. */
export function ExamplePrompts({
  canSend,
  onExample,
}: {
  readonly canSend: boolean;
  readonly onExample: (prompt: string) => void;
}): JSX.Element {
  return (
    <ul class="examples">
      {EXAMPLES.map((prompt) => (
        <li key={prompt}>
          <button type="button" disabled={!canSend} onClick={() => onExample(prompt)}>
            {prompt}
          </button>
        </li>
      ))}
    </ul>
  );
}
