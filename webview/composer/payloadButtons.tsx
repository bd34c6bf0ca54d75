import type { JSX } from 'preact';
import { Icon } from '../icons.tsx';

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
      <button
        type="button"
        title="Payload template: what the agent is sent"
        aria-label="Payload template"
        aria-expanded={isTemplateOpen}
        onClick={({ currentTarget }) => onTemplate(currentTarget)}
      >
        <Icon name="braces" />
      </button>
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
