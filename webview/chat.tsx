import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ChatState } from '../src/shared/chat/state.ts';
import type { ViewMessage } from '../src/shared/schemas/viewMessage.ts';
import { Announcer } from './announcer/announcer.tsx';
import { Notices } from './notices.tsx';
import { ChatComposer } from './composer/chatComposer.tsx';
import { EmptyState } from './emptyState.tsx';
import { ErrorBoundary } from './errorBoundary.tsx';
import { Header } from './header.tsx';
import { Notice } from './notice.tsx';
import { OpenPanel } from './openPanel.tsx';
import { RawAnswersContext } from './turn/rawEvents.tsx';
import type { ViewState } from './reducer.ts';
import { SessionContext } from './session/sessionContext.ts';
import { createViewModel, isLocalOrNone } from './viewModel.ts';
import { Transcript } from './transcript/transcript.tsx';
import type { HostConnection } from './hostConnection.ts';
import type { TurnActions } from './turn/turnActions.tsx';
import { Turns } from './transcript/turns.tsx';
import { useSavedViewState } from './useSavedViewState.ts';
import { usePanels } from './usePanels.ts';

/** The complete chat view. */
export function Chat({
  state: { chat, ...view },
  transport,
}: {
  readonly state: ViewState;
  readonly transport: HostConnection;
}): JSX.Element {
  return chat === null ? (
    <Notice link={view.link} connection={null} post={transport.post} />
  ) : (
    <OpenChat chat={chat} {...view} transport={transport} />
  );
}

function OpenChat({
  chat,
  link,
  rawAnswers: byTurn,
  listRequests,
  searchResults,
  machines,
  models,
  unsent,
  transport,
}: Omit<ViewState, 'chat'> & {
  readonly chat: ChatState;
  readonly transport: HostConnection;
}): JSX.Element {
  const { post, hasTitleBar } = transport;
  const { start, save } = useSavedViewState(transport, chat);
  const composer = useRef<HTMLTextAreaElement>(null);
  const composerFocus = useRef(false);
  const focusComposer = () => composer.current?.focus();
  const [sent, setSent] = useState(0);
  const panels = usePanels(focusComposer);
  // VS Code manages the focus of its views. On the page, the composer takes it.
  useLayoutEffect(() => {
    if (!hasTitleBar) focusComposer();
  }, []);
  // VS Code requests the list through a button in the view's title bar.
  useEffect(() => {
    if (listRequests > 0) panels.show('conversations');
  }, [listRequests]);
  const viewModel = createViewModel(chat, link);
  const { agent, agentName, canReach, running } = viewModel;

  function postPrompt(message: ViewMessage): void {
    post(message);
    setSent((before) => before + 1);
    focusComposer();
  }
  function send(prompt: string, isPayload = false): void {
    postPrompt({ type: 'send', prompt, ...(isPayload && { isPayload }) });
  }
  function startConversation(): void {
    post({ type: 'newConversation' });
    panels.finish();
  }
  // Memoized, so that turns are not rendered again.
  const actions = useMemo<TurnActions | null>(
    () =>
      canReach
        ? {
            retry: (turn) => postPrompt({ type: 'retry', turn }),
            fork: (turn) => postPrompt({ type: 'fork', turn }),
            resend: (turn, prompt) => postPrompt({ type: 'retry', turn, prompt }),
          }
        : null,
    [canReach],
  );
  const requestRaw = useMemo(
    () => (turn: string) => {
      if (link === 'open') post({ type: 'showRaw', turn });
    },
    [link],
  );
  const lastTurn = chat.turns.at(-1)?.id ?? null;
  const currentSession = useMemo(
    () => ({
      status: chat.session,
      turn: lastTurn,
      onRecord: viewModel.hasRecords ? panels.toggle : null,
    }),
    [chat.session, lastTurn, viewModel.hasRecords, panels.open],
  );
  const rawAnswers = useMemo(() => ({ byTurn, request: requestRaw }), [byTurn, requestRaw]);

  return (
    <>
      <Header
        viewModel={viewModel}
        panels={panels}
        hasTitleBar={hasTitleBar}
        onNew={startConversation}
        post={post}
      />
      <OpenPanel
        panels={panels}
        viewModel={viewModel}
        searchResults={searchResults}
        machines={machines}
        models={models}
        post={post}
      />
      <Transcript
        key={chat.conversation}
        busy={running !== null}
        sent={sent}
        start={start.scroll}
        onScroll={(scroll) => save({ scroll })}
      >
        {chat.turns.length === 0 && (
          <EmptyState agent={agent} canSend={canReach} onExample={send} />
        )}
        <SessionContext.Provider value={currentSession}>
          <RawAnswersContext.Provider value={rawAnswers}>
            <Turns
              turns={chat.turns}
              agentName={agentName}
              actions={actions}
              hasEditor={chat.hasEditor}
              post={post}
            />
          </RawAnswersContext.Provider>
        </SessionContext.Provider>
      </Transcript>
      <Notice link={link} connection={isLocalOrNone(agent) ? chat.connection : null} post={post} />
      <Notices
        viewModel={viewModel}
        post={post}
        onNewSession={() => {
          post({ type: 'newSession' });
          focusComposer();
        }}
        onCloseSocket={() => {
          post({ type: 'closeSocket' });
          focusComposer();
        }}
        onSend={send}
      />
      <ChatComposer
        key={chat.conversation}
        textarea={composer}
        focus={composerFocus}
        viewModel={viewModel}
        panels={panels}
        start={start}
        unsent={unsent}
        onDraft={save}
        onSend={send}
        onNew={startConversation}
        onCompare={transport.openComparison}
        post={post}
      />
      <ErrorBoundary key={chat.conversation} fallback={<></>}>
        <Announcer last={chat.turns.at(-1)} />
      </ErrorBoundary>
    </>
  );
}
