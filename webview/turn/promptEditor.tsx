import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Edits a prompt in place. Enter sends it as a new message, Escape cancels. */
export function PromptEditor({
  prompt,
  onDone,
}: {
  readonly prompt: string;
  /** Receives the edited prompt, or null if the user cancels. */
  readonly onDone: (prompt: string | null) => void;
}): JSX.Element {
  const [text, setText] = useState(prompt);
  const field = useRef<HTMLTextAreaElement>(null);
  // A passive effect runs after painting, when the user may already have selected or typed text.
  useLayoutEffect(() => {
    field.current!.focus();
    field.current!.setSelectionRange(prompt.length, prompt.length);
  }, []);
  const send = () => text.trim() !== '' && onDone(text.trim());

  return (
    <form
      class="editor"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={field}
        aria-label="Edit the message"
        dir="auto"
        rows={1}
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.isComposing || event.keyCode === 229) return;
          if (event.key === 'Escape') onDone(null);
          if (event.key !== 'Enter' || event.shiftKey) return;
          event.preventDefault();
          send();
        }}
      />
      <p class="hint">
        This sends a new message. The agent has already received the messages above.
      </p>
      <div class="buttons">
        <button type="button" class="outlined" onClick={() => onDone(null)}>
          Cancel
        </button>
        <button type="submit" class="primary" disabled={text.trim() === ''}>
          Send
        </button>
      </div>
    </form>
  );
}
