import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Lane } from '../../src/shared/chat/comparison.ts';
import { CodeTargetsContext, useCodeTargets } from '../code/codeTargets.ts';
import { ErrorBoundary } from '../errorBoundary.tsx';
import { UnrenderedTurn } from '../parts/unrendered.tsx';
import { RawAnswersContext } from '../turn/rawEvents.tsx';
import type { ViewState } from '../reducer.ts';
import type { ChatViewModel } from '../viewModel.ts';
import { TurnView } from '../turn/turn.tsx';
import type { TurnActions } from '../turn/turnActions.tsx';
import type { LanePost } from './lanePost.ts';
import type { RoundTurns } from './rounds.ts';

/** Turns of one lane, round by round. */
export function LaneTurns({
  lane,
  name,
  view: { link, rawAnswers: byTurn },
  viewModel: { chat, running },
  rounds,
  canSend,
  post,
  onSend,
}: {
  readonly lane: Lane;
  readonly name: string;
  readonly view: ViewState;
  readonly viewModel: ChatViewModel;
  readonly rounds: readonly RoundTurns[];
  /** True if both agents can receive a message. */
  readonly canSend: boolean;
  readonly post: LanePost;
  readonly onSend: (prompt: string) => void;
}): JSX.Element {
  // Memoized, so that turns are not rendered again.
  const rawAnswers = useMemo(
    () => ({
      byTurn,
      request(turn: string) {
        if (link === 'open') post({ type: 'showRaw', turn });
      },
    }),
    [byTurn, link, post],
  );
  const targets = useCodeTargets(chat.hasEditor, post);
  const [earlier, latest] = useMemo<[TurnActions | null, TurnActions | null]>(() => {
    if (!canSend) return [null, null];
    // An edited prompt is a new message for both agents.
    const actions = {
      retry: null,
      fork: null,
      resend: (_: string, prompt: string) => onSend(prompt),
    };
    return [actions, { ...actions, retry: (turn: string) => post({ type: 'retry', turn }) }];
  }, [canSend, post]);

  return (
    <RawAnswersContext.Provider value={rawAnswers}>
      <CodeTargetsContext.Provider value={targets}>
        <div
          class="laneTurns"
          role="log"
          aria-label={name}
          aria-busy={running !== null}
          // The round announcer reports when both answers can be compared.
          aria-live="off"
        >
          {rounds.map((round, index) => (
            <div key={index} class={`cell ${lane}`} style={{ '--round': index }}>
              <p class="laneName">{name}</p>
              {round[lane].map((turn) => (
                <ErrorBoundary key={turn.id} fallback={<UnrenderedTurn turn={turn} />}>
                  <TurnView
                    turn={turn}
                    agentName={name}
                    actions={index === rounds.length - 1 ? latest : earlier}
                  />
                </ErrorBoundary>
              ))}
            </div>
          ))}
        </div>
      </CodeTargetsContext.Provider>
    </RawAnswersContext.Provider>
  );
}
