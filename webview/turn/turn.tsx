import type { JSX } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { answerText } from '../../src/shared/chat/turn.ts';
import { AttachmentList } from '../attachments/attachmentList.tsx';
import { CopyButton } from '../copyButton.tsx';
import { ModelCalls } from './modelCalls.tsx';
import { TurnMetrics } from './turnMetrics.tsx';
import { ErrorBoundary } from '../errorBoundary.tsx';
import { foldLongRuns } from '../longRuns/foldLongRuns.tsx';
import { PartView } from '../parts/part.tsx';
import { UnrenderedPart } from '../parts/unrendered.tsx';
import { RawEvents, RawEventsButton } from './rawEvents.tsx';
import { PromptEditor } from './promptEditor.tsx';
import { Divider } from '../session/divider.tsx';
import { WaitingIndicator } from '../session/waitingIndicator.tsx';
import { TurnFailure } from './turnFailure.tsx';
import { TurnActionButtons, type TurnActions } from './turnActions.tsx';

/** Shows a prompt and its answer so far. */
export function TurnView({
  turn,
  agentName,
  actions,
}: {
  readonly turn: Turn;
  readonly agentName: string;
  /** Null while no action is possible. The object is the same until the actions change. */
  readonly actions: TurnActions | null;
}): JSX.Element {
  const [isEditing, setIsEditing] = useState(false);
  const [showsRaw, setShowsRaw] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  // While an answer streams, the turns before it are not rendered again.
  return useMemo(() => {
    const { prompt, opening, parts, waitingTask, outcome } = turn;
    const runs = outcome === null;
    const answer = answerText(turn);
    return (
      <>
        {opening && <Divider opening={opening} />}
        {!turn.isUnprompted && (
          <article class="prompt" aria-label="You">
            {isEditing ? (
              <PromptEditor
                prompt={prompt}
                onDone={(next) => {
                  setIsEditing(false);
                  if (next !== null) actions?.resend(turn.id, next);
                  else
                    requestAnimationFrame(() =>
                      box.current?.querySelector<HTMLElement>('.edit')?.focus(),
                    );
                }}
              />
            ) : (
              <Prompt turn={turn} />
            )}
          </article>
        )}
        <article class={runs ? 'answer running' : 'answer'} aria-label={agentName}>
          {turn.isUnprompted && <p class="remark unprompted">Unprompted:</p>}
          {parts.map((part, index) => (
            // Parts are only appended, so their indexes are stable.
            <ErrorBoundary key={index} fallback={<UnrenderedPart part={part} />}>
              <PartView
                part={part}
                growing={runs && (part.type === 'tool' || index === parts.length - 1)}
              />
            </ErrorBoundary>
          ))}
          {runs && parts.length === 0 && <WaitingIndicator agentName={agentName} />}
          {waitingTask && <p class="remark">The agent’s task is waiting for your reply.</p>}
          {outcome?.type === 'completed' && parts.length === 0 && !waitingTask && (
            <p class="remark">The answer is empty.</p>
          )}
          {outcome?.type === 'canceled' && (
            <p class="remark">Stopped. The agent may continue working, as in AWS.</p>
          )}
          {outcome?.type === 'failed' && <TurnFailure turn={turn.id} failure={outcome.failure} />}
        </article>
        {turn.modelCalls && <ModelCalls calls={turn.modelCalls} reported={turn.usage} />}
        <div ref={box} class="turnFooter">
          {!turn.isUnprompted && <TurnMetrics turn={turn} />}
          <div class={outcome?.type === 'failed' ? 'actions failed' : 'actions'}>
            {!runs && actions && (
              <TurnActionButtons
                turn={turn}
                failed={outcome.type === 'failed'}
                actions={actions}
                onEdit={() => setIsEditing(true)}
              />
            )}
            {!runs && answer !== '' && <CopyButton text={answer} what="answer" />}
            <RawEventsButton isOpen={showsRaw} onToggle={() => setShowsRaw(!showsRaw)} />
          </div>
        </div>
        {showsRaw && <RawEvents turn={turn} />}
      </>
    );
  }, [turn, agentName, actions, isEditing, showsRaw]);
}

/** Shows the prompt, as text or as a payload. */
function Prompt({
  turn: { prompt, isPayload, attachments = [] },
}: {
  readonly turn: Turn;
}): JSX.Element {
  const shown = foldLongRuns(prompt);
  // Scrollable content must be focusable for keyboard users.
  return (
    <>
      {isPayload ? <pre tabIndex={0}>{shown}</pre> : <p dir="auto">{shown}</p>}
      <AttachmentList attachments={attachments} />
    </>
  );
}
