import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { runningTurn, type ChatState } from '../../src/shared/chat/state.ts';
import type { ViewMessage } from '../../src/shared/chat/viewMessage.ts';
import type { SearchResults } from '../reducer.ts';
import { Panel } from '../panel.tsx';
import { ConversationRow } from './conversationRow.tsx';
import { ImportExport } from './importExport.tsx';
import { filterConversations } from './filterConversations.ts';

/** Number of rows shown at first, and added by each press of the button. */
const ROWS = 100;

const PAUSE_MILLISECONDS = 200;

/** Lists all conversations, to search, open, rename and remove them. */
export function ConversationsPanel({
  chat,
  found,
  canAct,
  post,
  onClose,
  onOpened,
}: {
  readonly chat: ChatState;
  /** Results of the last search. */
  readonly found: SearchResults | null;
  readonly canAct: boolean;
  readonly post: (message: ViewMessage) => void;
  readonly onClose: () => void;
  readonly onOpened: () => void;
}): JSX.Element {
  const { answering, conversations, conversation, removed } = chat;
  const [words, setWords] = useState('');
  const [most, setMost] = useState(ROWS);
  const search = useRef<HTMLInputElement>(null);
  const undo = useRef<HTMLButtonElement>(null);
  const isKept = conversations.some(({ id }) => id === conversation);
  const findings = found?.words === words ? found.findings : null;
  const rows = filterConversations(conversations, words, findings ?? []);
  useLayoutEffect(() => search.current!.focus(), []);
  // Messages are searched when the user stops typing.
  useEffect(() => {
    if (words.trim() === '' || !canAct) return;
    const timer = setTimeout(() => post({ type: 'search', words }), PAUSE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [words, canAct]);
  // The focused row is gone, so the focus moves to the button that restores it.
  const isFirst = useRef(true);
  useLayoutEffect(() => {
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
      {rows.length === 0 && (
        <p class="hint">
          {words.trim() === ''
            ? 'There is none yet: what you say to an agent will be here.'
            : nothingFor(words.trim(), findings !== null)}
        </p>
      )}
      <ul class="conversations">
        {rows.slice(0, most).map(({ conversation: one, excerpt }) => (
          <ConversationRow
            key={one.id}
            conversation={one}
            excerpt={excerpt}
            isOpen={one.id === conversation}
            isAnswering={
              one.id === conversation ? runningTurn(chat) !== null : answering.includes(one.id)
            }
            canAct={canAct}
            post={post}
            onOpen={() => {
              post({ type: 'openConversation', conversation: one.id });
              onOpened();
            }}
          />
        ))}
      </ul>
      {rows.length > most && (
        <button type="button" class="outlined" onClick={() => setMost(most + ROWS)}>
          {rows.length - most} more
        </button>
      )}
      <ImportExport canExport={isKept} canAct={canAct} post={post} />
    </Panel>
  );
}

/** Titles are looked through at once, all else is once one pauses and somebody can be asked. */
function nothingFor(words: string, wasSearched: boolean): string {
  return wasSearched
    ? `Nothing found for “${words}” in titles, messages, thoughts and tool calls.`
    : `No title has “${words}”.`;
}
