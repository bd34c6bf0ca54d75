import type { JSX } from 'preact';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { formatDuration } from '../parts/formatDuration.ts';
import { describeUsage } from './describeUsage.ts';
import { Figures } from './figures.tsx';

/** Shows the duration of an answer, and the usage that the agent reported unless it was measured. */
export function TurnMetrics({ turn }: { readonly turn: Turn }): JSX.Element | null {
  const { askedAt, firstAt, endedAt } = turn;
  if (endedAt === null) return null;
  const figures = [formatDuration(endedAt - askedAt)];
  if (firstAt !== null) figures.push(`first word after ${formatDuration(firstAt - askedAt)}`);
  // The emulator's own figures are shown with the model calls.
  if (turn.usage && !turn.modelCalls) figures.push(...describeUsage(turn.usage));
  return (
    <p class="metrics">
      <Figures figures={figures} />
    </p>
  );
}
