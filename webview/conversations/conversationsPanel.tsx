import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChatState, ViewMessage } from '../../src/shared/chat.ts';
import { Panel } from '../panel.tsx';
import { ConversationRow } from './conversationRow.tsx';
import { Exchange } from './exchange.tsx';
import { listed } from './listed.ts';

/** More rows than anybody looks through are made when they are asked for. */
const ROWS = 100;

/** All conversations: to find one, go back to it, name it or remove it. */
export function ConversationsPanel({
  chat: { conversations, conversation, removed },
  canAct,
  post,
  onClose,
  onOpened,
}: {
  readonly chat: ChatState;
  readonly canAct: boolean;
  readonly post: (message: ViewMessage) => void;
  readonly onClose: () => void;
  readonly onOpened: () => void;
}): JSX.Element {
  const [words, setWords] = useState('');
  const [most, setMost] = useState(ROWS);
  const search = useRef<HTMLInputElement>(null);
  const undo = useRef<HTMLButtonElement>(null);
  const isKept = conversations.some(({ id }) => id === conversation);
  const found = listed(conversations, words);
  useEffect(() => search.current!.focus(), []);
  // The row that had the focus is gone; what was done with it can be undone.
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) undo.current?.focus();
    isFirst.current = false;
  }, [removed]);

  return (
    <Panel name="Conversations" onClose={onClose}>
      <input
        ref={search}
        type="search"
        class="search"
        aria-label="Search conversations"
        placeholder="Search conversations"
        value={words}
        onInput={({ currentTarget }) => setWords(currentTarget.value)}
      />
      <div class="removed">
        <span role="status">{removed && `Removed “${removed.title}”.`}</span>
        {removed && (
          <button
            ref={undo}
            type="button"
            class="outlined"
            disabled={!canAct}
            onClick={() => {
              post({ type: 'restore' });
              search.current!.focus();
            }}
          >
            Undo
          </button>
        )}
      </div>
      {found.length === 0 && (
        <p class="hint">
          {words === ''
            ? 'There is none yet: what you say to an agent will be here.'
            : 'None is called so.'}
        </p>
      )}
      <ul class="conversations">
        {found.slice(0, most).map((one) => (
          <ConversationRow
            key={one.id}
            conversation={one}
            isOpen={one.id === conversation}
            canAct={canAct}
            post={post}
            onOpen={() => {
              post({ type: 'openConversation', conversation: one.id });
              onOpened();
            }}
          />
        ))}
      </ul>
      {found.length > most && (
        <button type="button" class="outlined" onClick={() => setMost(most + ROWS)}>
          {found.length - most} more
        </button>
      )}
      <Exchange canExport={isKept} canAct={canAct} post={post} />
    </Panel>
  );
}
