import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ConversationSummary } from '../../src/shared/chat/conversation.ts';
import type { ViewMessage } from '../../src/shared/schemas/viewMessage.ts';
import { Icon } from '../icons.tsx';
import { IconButton } from '../iconButton.tsx';
import { formatListTime } from './filterConversations.ts';

/** A row of the conversation list. */
export function ConversationRow({
  conversation: { id, title, agentName, updatedAt },
  excerpt,
  isOpen,
  isAnswering,
  canAct,
  post,
  onOpen,
}: {
  readonly conversation: ConversationSummary;
  /** The text around the search result; null if only the title matched. */
  readonly excerpt: string | null;
  readonly isOpen: boolean;
  /** True while an answer is streaming in it. */
  readonly isAnswering: boolean;
  readonly canAct: boolean;
  readonly post: (message: ViewMessage) => void;
  readonly onOpen: () => void;
}): JSX.Element {
  const [isRenaming, setIsRenaming] = useState(false);
  const rename = useRef<HTMLButtonElement>(null);

  if (isRenaming) {
    return (
      <li>
        <TitleField
          title={title}
          onDone={(next) => {
            if (next !== null) post({ type: 'rename', conversation: id, title: next });
            setIsRenaming(false);
            requestAnimationFrame(() => rename.current?.focus());
          }}
        />
      </li>
    );
  }
  return (
    <li class={isOpen ? 'open' : ''}>
      <button
        type="button"
        class="conversation"
        aria-current={isOpen ? 'true' : undefined}
        disabled={!canAct}
        onClick={onOpen}
      >
        <span class="name" dir="auto">
          {title}
        </span>
        <span class="meta">
          {agentName} · {isAnswering ? 'answering…' : formatListTime(updatedAt, new Date())}
        </span>
        {excerpt !== null && (
          <span class="excerpt" dir="auto">
            {excerpt}
          </span>
        )}
      </button>
      <button
        ref={rename}
        type="button"
        title="Rename"
        aria-label={`Rename ${title}`}
        disabled={!canAct}
        onClick={() => setIsRenaming(true)}
      >
        <Icon name="edit" />
      </button>
      <IconButton
        icon="remove"
        title="Remove"
        name={`Remove ${title}`}
        disabled={!canAct}
        onClick={() => post({ type: 'remove', conversation: id })}
      />
    </li>
  );
}

/** Edits a title. Enter and blur save it, Escape cancels. */
function TitleField({
  title,
  onDone,
}: {
  readonly title: string;
  readonly onDone: (title: string | null) => void;
}): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  // A passive effect runs after painting, when the user may already have moved the caret or typed.
  useLayoutEffect(() => {
    field.current!.focus();
    field.current!.select();
  }, []);
  function done(next: string | null): void {
    if (isDone.current) return;
    isDone.current = true;
    onDone(next === null || next.trim() === '' || next === title ? null : next);
  }
  return (
    <input
      ref={field}
      class="search"
      aria-label="Title"
      maxLength={80}
      defaultValue={title}
      onBlur={({ currentTarget }) => done(currentTarget.value)}
      onKeyDown={(event) => {
        if (event.isComposing) return;
        if (event.key === 'Enter') done(event.currentTarget.value);
        if (event.key !== 'Escape') return;
        // Otherwise Escape would also close the panel.
        event.preventDefault();
        done(null);
      }}
    />
  );
}
