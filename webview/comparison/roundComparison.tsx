import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { PerLane } from '../../src/shared/chat/comparison.ts';
import { compareTurns, type MetricComparison } from './compareTurns.ts';
import { lastCompletedRound, type RoundTurns } from './rounds.ts';

/** Table that compares the two answers of a round. Shown when both are complete. */
export function RoundComparison({
  round,
  index,
  names,
}: {
  readonly round: RoundTurns;
  readonly index: number;
  readonly names: PerLane<string>;
}): JSX.Element | null {
  const turns = lastCompletedRound(round);
  // Memoized, so that earlier tables are not rendered again while an answer streams.
  const comparisons = useMemo(
    () => turns && compareTurns(turns, names),
    [turns?.left, turns?.right, names.left, names.right],
  );
  if (comparisons === null) return null;
  return (
    <div class="roundComparison" style={{ '--round': index }}>
      <table>
        <caption class="visuallyHidden">Message {index + 1}, compared</caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="visuallyHidden">Metric</span>
            </th>
            <th scope="col">{names.left}</th>
            <th scope="col">{names.right}</th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          {comparisons.map((comparison) => (
            <MetricRow key={comparison.metric} comparison={comparison} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function MetricRow({
  comparison: { metric, values, less, difference },
}: {
  readonly comparison: MetricComparison;
}): JSX.Element {
  return (
    <tr>
      <th scope="row">{metric}</th>
      <td class={less === 'left' ? 'less' : undefined}>{values.left}</td>
      <td class={less === 'right' ? 'less' : undefined}>{values.right}</td>
      <td class="difference">{difference}</td>
    </tr>
  );
}
