import type { JSX } from 'preact';
import { IconButton } from '../iconButton.tsx';

/** Where the payload is the agent's own affair. */
export interface PayloadChoice {
  /** What these words become. */
  readonly of: (words: string) => string;
  /** Null where the template stands elsewhere. */
  readonly template: {
    readonly isOpen: boolean;
    /** Whether it is not the one that every agent begins with. */
    readonly isChanged: boolean;
    readonly onToggle: (button: HTMLElement) => void;
  } | null;
}

/** The ways to a payload: to what makes it of words, and to the payload itself. */
export function PayloadButtons({
  payload: { template },
  isPayload,
  onToggle,
}: {
  readonly payload: PayloadChoice;
  /** Whether a payload is written instead of words. */
  readonly isPayload: boolean;
  readonly onToggle: () => void;
}): JSX.Element {
  return (
    <>
      {template && (
        <IconButton
          icon="braces"
          class={template.isChanged ? 'changed' : undefined}
          title={`Payload template: what the agent is sent${template.isChanged ? ' (changed)' : ''}`}
          name={`Payload template${template.isChanged ? ' (changed)' : ''}`}
          aria-expanded={template.isOpen}
          onClick={({ currentTarget }) => template.onToggle(currentTarget)}
        />
      )}
      <button
        type="button"
        title="Write the payload itself, for this message"
        aria-label="Payload as JSON"
        aria-pressed={isPayload}
        onClick={onToggle}
      >
        JSON
      </button>
    </>
  );
}
