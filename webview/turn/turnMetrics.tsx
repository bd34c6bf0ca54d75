import { Fragment, type JSX } from 'preact';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { formatDuration } from '../parts/formatDuration.ts';

/** Shows the duration and the usage of an answer, as far as they are known. */
export function TurnMetrics({ turn }: { readonly turn: Turn }): JSX.Element | null {
  const { askedAt, firstAt, endedAt, usage } = turn;
  if (endedAt === null) return null;
  const figures = [formatDuration(endedAt - askedAt)];
  if (firstAt !== null) figures.push(`first word after ${formatDuration(firstAt - askedAt)}`);
  if (usage?.inputTokens !== undefined) {
    figures.push(`${usage.inputTokens.toLocaleString('en')} tokens in`);
  }
  if (usage?.outputTokens !== undefined) {
    figures.push(`${usage.outputTokens.toLocaleString('en')} tokens out`);
  }
  if (usage?.costInDollars !== undefined) figures.push(`$${usage.costInDollars.toPrecision(2)}`);
  return (
    <p class="metrics">
      {figures.map((figure, index) => (
        // The separator belongs to the figure before it, so that no line starts with one.
        <Fragment key={index}>
          <span>
            {figure}
            {index < figures.length - 1 && ' ·'}
          </span>{' '}
        </Fragment>
      ))}
    </p>
  );
}
