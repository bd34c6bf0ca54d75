import type { JSX, RefObject } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from './icons.tsx';

/** Where one writes. Enter sends, Shift+Enter begins a line. */
export function Composer({
  textarea,
  agentName,
  start,
  canSend,
  onDraft,
  onSend,
  onStop,
}: {
  readonly textarea: RefObject<HTMLTextAreaElement | null>;
  readonly agentName: string | null;
  /** The draft that was kept. */
  readonly start: string;
  readonly canSend: boolean;
  readonly onDraft: (draft: string) => void;
  readonly onSend: (prompt: string) => void;
  /** Null while there is nothing to stop. */
  readonly onStop: (() => void) | null;
}): JSX.Element {
  const [draft, setDraft] = useState(start);
  const prompt = draft.trim();

  function write(text: string): void {
    setDraft(text);
    onDraft(text);
  }

  function send(): void {
    if (!canSend || prompt === '') return;
    write('');
    onSend(prompt);
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={textarea}
        aria-label="Message"
        placeholder={agentName === null ? 'Message' : `Message ${agentName}`}
        dir="auto"
        rows={1}
        value={draft}
        onInput={({ currentTarget }) => write(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
          event.preventDefault();
          send();
        }}
      />
      {onStop ? (
        <button
          key="stop"
          type="button"
          class="round primary"
          aria-label="Stop"
          title="Stop"
          onClick={() => {
            onStop();
            textarea.current?.focus();
          }}
        >
          <Icon name="stop" />
        </button>
      ) : (
        <button
          key="send"
          type="submit"
          class="round primary"
          aria-label="Send"
          title="Send (Enter)"
          disabled={!canSend || prompt === ''}
        >
          <Icon name="send" />
        </button>
      )}
    </form>
  );
}

/** Whether Enter belongs to an input method; Safari says so by the key code alone. */
function isComposing({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === 229;
}
