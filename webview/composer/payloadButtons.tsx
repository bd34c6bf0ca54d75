import type { JSX } from 'preact';
import { IconButton } from '../iconButton.tsx';

/** Payload mode of the composer, for agents whose payload has no fixed format. */
export interface PayloadOptions {
  /** Builds the payload of a message. */
  readonly build: (input: string) => string;
  /** Null if the template cannot be edited here. */
  readonly template: {
    readonly isOpen: boolean;
    /** True if it differs from the default template. */
    readonly isChanged: boolean;
    readonly onToggle: (button: HTMLElement) => void;
  } | null;
}

/** Buttons that open the payload template and toggle payload mode. */
export function PayloadButtons({
  payload: { template },
  isPayload,
  onToggle,
}: {
  readonly payload: PayloadOptions;
  /** True while the composer edits a payload. */
  readonly isPayload: boolean;
  readonly onToggle: () => void;
}): JSX.Element {
  return (
    <>
      {template && (
        <IconButton
          icon="sliders"
          class={template.isChanged ? 'changed' : undefined}
          title={`Edit the payload template${template.isChanged ? ' (changed)' : ''}`}
          name={`Payload template${template.isChanged ? ' (changed)' : ''}`}
          aria-expanded={template.isOpen}
          onClick={({ currentTarget }) => template.onToggle(currentTarget)}
        />
      )}
      <IconButton
        icon="braces"
        title="Edit this message as a JSON payload"
        name="Payload as JSON"
        aria-pressed={isPayload}
        onClick={onToggle}
      />
    </>
  );
}
