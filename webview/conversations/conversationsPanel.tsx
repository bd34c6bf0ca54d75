import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { runningTurn, type ChatState } from '../../src/shared/chat/state.ts';
import type { ViewMessage } from '../../src/shared/schemas/viewMessage.ts';
import type { SearchResults } from '../reducer.ts';
import { Panel } from '../panel.tsx';
import { ConversationRow } from './conversationRow.tsx';
import { ImportExport } from './importExport.tsx';
import { filterConversations } from './filterConversations.ts';

/** Number of rows shown at first, and added by each press of the button. */
const PAGE_SIZE = 100;

/** Delay after the last key before messages are searched. */
const SEARCH_DELAY_MILLISECONDS = 200;

/** Lists all conversations, to search, open, rename and remove them. */
export function ConversationsPanel({
  chat,
  searchResults,
  canAct,
  post,
  onClose,
  onOpened,
}: {
  readonly chat: ChatState;
  /** Results of the last search. */
  readonly searchResults: SearchResults | null;
  readonly canAct: boolean;
  readonly post: (message: ViewMessage) => void;
  readonly onClose: () => void;
  readonly onOpened: () => void;
}): JSX.Element {
  const { answering, conversations, conversation, removed } = chat;
  const [query, setQuery] = useState('');
  const [visibleCount, setVisibleCount] = useState(PAGE_SIZE);
  const search = useRef<HTMLInputElement>(null);
  const undo = useRef<HTMLButtonElement>(null);
  const hasMessages = conversations.some(({ id }) => id === conversation);
  const matches = searchResults?.query === query ? searchResults.matches : null;
  const rows = filterConversations(conversations, query, matches ?? []);
  useLayoutEffect(() => search.current!.focus(), []);
  // Messages are searched when the user stops typing.
  useEffect(() => {
    if (query.trim() === '' || !canAct) return;
    const timer = setTimeout(
      () => post({ type: 'search', words: query }),
      SEARCH_DELAY_MILLISECONDS,
    );
    return () => clearTimeout(timer);
  }, [query, canAct]);
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
        value={query}
        onInput={({ currentTarget }) => setQuery(currentTarget.value)}
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
          {query.trim() === ''
            ? 'No conversations yet. Send a message to an agent to start one.'
            : noResultsText(query.trim(), matches !== null)}
        </p>
      )}
      <ul class="conversations">
        {rows.slice(0, visibleCount).map(({ conversation: one, excerpt }) => (
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
      {rows.length > visibleCount && (
        <button
          type="button"
          class="outlined"
          onClick={() => setVisibleCount(visibleCount + PAGE_SIZE)}
        >
          {rows.length - visibleCount} more
        </button>
      )}
      <ImportExport canExport={hasMessages} canAct={canAct} post={post} />
    </Panel>
  );
}

/** Titles are searched immediately, messages after a pause and only if the host can be reached. */
function noResultsText(query: string, wasSearched: boolean): string {
  return wasSearched
    ? `No results for “${query}” in titles, messages, thinking and tool calls.`
    : `No title contains “${query}”.`;
}
