import type { JSX } from 'preact';
import { IconButton } from '../iconButton.tsx';

/** Where the payload is the agent's own affair. */
export interface PayloadChoice {
  /** What these words become. */
  readonly of: (words: string) => string;
  readonly isTemplateOpen: boolean;
  readonly onTemplate: (button: HTMLElement) => void;
}

/** The ways to a payload: to what makes it of words, and to the payload itself. */
export function PayloadButtons({
  payload: { isTemplateOpen, onTemplate },
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
      <IconButton
        icon="braces"

        title="Payload template: what the agent is sent"
        name="Payload template"
        aria-expanded={isTemplateOpen}
        onClick={({ currentTarget }) => onTemplate(currentTarget)}
      />
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
