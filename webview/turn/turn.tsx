import type { JSX } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { answerText } from '../../src/shared/chat/turn.ts';
import { AttachmentList } from '../attachments/attachmentList.tsx';
import { CopyButton } from '../copyButton.tsx';
import { TurnMetrics } from './turnMetrics.tsx';
import { ErrorBoundary } from '../errorBoundary.tsx';
import { foldedText } from '../longRuns/foldedText.tsx';
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
  const [isEdited, setIsEdited] = useState(false);
  const [showsRaw, setShowsRaw] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  // While an answer streams, the turns before it are not rendered again.
  return useMemo(() => {
    const { prompt, opening, parts, waitingTask, outcome } = turn;
    const runs = outcome === null;
    const words = answerText(turn);
    return (
      <>
        {opening && <Divider opening={opening} />}
        {!turn.isUnasked && (
          <article class="prompt" aria-label="You">
            {isEdited ? (
              <PromptEditor
                prompt={prompt}
                onDone={(next) => {
                  setIsEdited(false);
                  if (next !== null) actions?.resend(turn.id, next);
                  else
                    requestAnimationFrame(() =>
                      box.current?.querySelector<HTMLElement>('.edit')?.focus(),
                    );
                }}
              />
            ) : (
              <Said turn={turn} />
            )}
          </article>
        )}
        <article class={runs ? 'answer running' : 'answer'} aria-label={agentName}>
          {turn.isUnasked && <p class="remark unasked">Unasked:</p>}
          {parts.map((part, index) => (
            // Parts are only appended, so their indexes are stable.
            <ErrorBoundary key={index} otherwise={<UnrenderedPart part={part} />}>
              <PartView
                part={part}
                growing={runs && (part.type === 'tool' || index === parts.length - 1)}
              />
            </ErrorBoundary>
          ))}
          {runs && parts.length === 0 && <WaitingIndicator agentName={agentName} />}
          {waitingTask && (
            <p class="remark">The agent asks back: its task waits for your answer.</p>
          )}
          {outcome?.type === 'completed' && parts.length === 0 && !waitingTask && (
            <p class="remark">The answer is empty.</p>
          )}
          {outcome?.type === 'cancelled' && (
            <p class="remark">Stopped. The agent may work on until it is done, as in AWS.</p>
          )}
          {outcome?.type === 'failed' && <TurnFailure turn={turn.id} failure={outcome.failure} />}
        </article>
        <div ref={box} class="after">
          {!turn.isUnasked && <TurnMetrics turn={turn} />}
          <div class={outcome?.type === 'failed' ? 'actions failed' : 'actions'}>
            {!runs && actions && (
              <TurnActionButtons
                turn={turn}
                failed={outcome.type === 'failed'}
                actions={actions}
                onEdit={() => setIsEdited(true)}
              />
            )}
            {!runs && words !== '' && <CopyButton text={words} what="answer" />}
            <RawEventsButton isOpen={showsRaw} onToggle={() => setShowsRaw(!showsRaw)} />
          </div>
        </div>
        {showsRaw && <RawEvents turn={turn} />}
      </>
    );
  }, [turn, agentName, actions, isEdited, showsRaw]);
}

/** Shows the prompt, as text or as a payload. */
function Said({
  turn: { prompt, isPayload, attachments = [] },
}: {
  readonly turn: Turn;
}): JSX.Element {
  const shown = foldedText(prompt);
  // It scrolls, so the keyboard must be able to reach it.
  return (
    <>
      {isPayload ? <pre tabIndex={0}>{shown}</pre> : <p dir="auto">{shown}</p>}
      <AttachmentList attachments={attachments} />
    </>
  );
}
