import type { JSX } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { LANES, type PerLane } from '../../src/shared/chat/comparison.ts';
import type { ComparisonViewMessage } from '../../src/shared/schemas/comparisonMessage.ts';
import type { ChatState } from '../../src/shared/chat/state.ts';
import { Notices } from '../notices.tsx';
import { Icon } from '../icons.tsx';
import { Notice } from '../notice.tsx';
import { Scroller } from '../scroller.tsx';
import { createViewModel, isLocalOrNone } from '../viewModel.ts';
import { readViewState, saveViewState, type ConversationViewState } from '../savedViewState.ts';
import type { HostConnection } from '../hostConnection.ts';
import { usePanels } from '../usePanels.ts';
import { distinctNames } from './compareTurns.ts';
import { RoundComparison } from './roundComparison.tsx';
import { ComparisonComposer } from './comparisonComposer.tsx';
import { LaneHeader, laneName } from './laneHeader.tsx';
import { LaneTurns } from './laneTurns.tsx';
import { createLanePosts } from './lanePost.ts';
import { groupByRound } from './rounds.ts';
import { EmptyComparison } from './emptyComparison.tsx';
import type { ComparisonState } from './state.ts';
import { RoundAnnouncer } from './roundAnnouncer.tsx';

/** Key of the saved view state, shared by all comparisons. */
const STATE_KEY = 'comparison';

/** Two agents side by side that get the same messages. */
export function ComparisonPage({
  state,
  transport,
}: {
  readonly state: ComparisonState;
  readonly transport: HostConnection<ComparisonViewMessage>;
}): JSX.Element {
  const { left, right } = state;
  return left.chat === null || right.chat === null ? (
    <Notice link={left.link} connection={null} post={() => {}} />
  ) : (
    <OpenComparison
      chats={{ left: left.chat, right: right.chat }}
      state={state}
      transport={transport}
    />
  );
}

function OpenComparison({
  chats,
  state,
  transport,
}: {
  readonly chats: PerLane<ChatState>;
  readonly state: ComparisonState;
  readonly transport: HostConnection<ComparisonViewMessage>;
}): JSX.Element {
  const { post, hasTitleBar } = transport;
  const { link } = state.left;
  const start = useMemo(() => readViewState(transport.readState(), STATE_KEY), []);
  const save = (change: Partial<ConversationViewState>) =>
    transport.saveState(saveViewState(transport.readState(), STATE_KEY, change));
  const textarea = useRef<HTMLTextAreaElement>(null);
  const focusComposer = () => textarea.current?.focus();
  const [sent, setSent] = useState(0);
  const panels = { left: usePanels(focusComposer), right: usePanels(focusComposer) };
  const viewModels = {
    left: createViewModel(chats.left, link),
    right: createViewModel(chats.right, link),
  };
  const names = distinctNames({
    left: laneName(viewModels.left),
    right: laneName(viewModels.right),
  });
  const lanePosts = useMemo(() => createLanePosts(post), [post]);
  const rounds = groupByRound({ left: chats.left.turns, right: chats.right.turns }, state.rounds);
  const canSend = LANES.every(
    (lane) => viewModels[lane].canReach && viewModels[lane].running === null,
  );
  const isLocal = LANES.some((lane) => isLocalOrNone(viewModels[lane].agent));

  function send(prompt: string, isPayload = false): void {
    post({ type: 'send', prompt, ...(isPayload && { isPayload }) });
    setSent((before) => before + 1);
    focusComposer();
  }
  function startComparison(): void {
    post({ type: 'begin' });
    focusComposer();
  }

  return (
    <>
      <header>
        <h1>Compare agents</h1>
        {!hasTitleBar && (
          <a class="button" href="./" title="Back to the chat" aria-label="Chat">
            <Icon name="chat" />
          </a>
        )}
        <button
          type="button"
          title="New comparison"
          aria-label="New comparison"
          disabled={link !== 'open' || rounds.length === 0}
          onClick={startComparison}
        >
          <Icon name="plus" />
        </button>
      </header>
      <div class="lanes laneHeaders">
        {LANES.map((lane) => (
          <LaneHeader
            key={lane}
            lane={lane}
            name={names[lane]}
            viewModel={viewModels[lane]}
            machines={state[lane].machines}
            models={state[lane].models}
            panels={panels[lane]}
            post={lanePosts[lane]}
          />
        ))}
      </div>
      <Scroller
        attributes={{ role: 'group', 'aria-label': 'Answers' }}
        column="rounds"
        sent={sent}
        start={start.scroll}
        onScroll={(scroll) => save({ scroll })}
      >
        {rounds.length === 0 && (
          <EmptyComparison names={names} canSend={canSend} onExample={send} />
        )}
        {LANES.map((lane) => (
          <LaneTurns
            key={`${lane} ${chats[lane].conversation}`}
            lane={lane}
            name={names[lane]}
            view={state[lane]}
            viewModel={viewModels[lane]}
            rounds={rounds}
            canSend={canSend}
            post={lanePosts[lane]}
            onSend={send}
          />
        ))}
        {rounds.map((round, index) => (
          <RoundComparison
            key={state.rounds[index]!.left}
            round={round}
            index={index}
            names={names}
          />
        ))}
      </Scroller>
      <Notice
        link={link}
        connection={isLocal ? chats.left.connection : null}
        post={lanePosts.left}
      />
      <div class="lanes laneNotices">
        {LANES.map((lane) => (
          <div key={lane} class="lane">
            <Notices
              viewModel={viewModels[lane]}
              post={lanePosts[lane]}
              onNewSession={() => {
                lanePosts[lane]({ type: 'newSession' });
                focusComposer();
              }}
              onCloseSocket={() => {
                lanePosts[lane]({ type: 'closeSocket' });
                focusComposer();
              }}
              onSend={send}
            />
          </div>
        ))}
      </div>
      <ComparisonComposer
        textarea={textarea}
        viewModels={viewModels}
        round={state.rounds.at(-1)}
        canSend={canSend}
        start={start}
        unsent={state.left.unsent}
        onDraft={save}
        onSend={send}
        onNew={startComparison}
        post={post}
      />
      <RoundAnnouncer round={rounds.at(-1)} names={names} />
    </>
  );
}
