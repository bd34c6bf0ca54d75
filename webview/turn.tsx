import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Turn } from '../src/shared/chat.ts';
import { FailureBlock } from './failure.tsx';

/** A prompt and its answer, as far as it has come. */
export function TurnView({
  turn,
  agentName,
}: {
  readonly turn: Turn;
  readonly agentName: string;
}): JSX.Element {
  // While one answer streams, the turns before it are not built again.
  return useMemo(() => {
    const { prompt, answer, outcome } = turn;
    return (
      <>
        <article class="prompt" aria-label="You">
          <p dir="auto">{prompt}</p>
        </article>
        <article class={outcome === null ? 'answer running' : 'answer'} aria-label={agentName}>
          {answer !== '' && (
            <p class="text" dir="auto">
              {answer}
            </p>
          )}
          {outcome === null && answer === '' && <p class="pending">Waiting for {agentName}…</p>}
          {outcome?.type === 'completed' && answer === '' && (
            <p class="remark">The answer is empty.</p>
          )}
          {outcome?.type === 'cancelled' && (
            <p class="remark">Stopped. The agent may work on until it is done, as in AWS.</p>
          )}
          {outcome?.type === 'failed' && (
            <FailureBlock title={outcome.failure.name} message={outcome.failure.message} />
          )}
        </article>
      </>
    );
  }, [turn, agentName]);
}
