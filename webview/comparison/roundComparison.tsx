import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { PerLane } from '../../src/shared/chat/comparison.ts';
import { compareTurns, type FigureComparison } from './compareTurns.ts';
import { lastCompletedRound, type RoundTurns } from './rounds.ts';

/** How the two answers of a round compare, once both are there. */
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
  // While one answer streams, the tables of those before it are not built again.
  const comparisons = useMemo(
    () => turns && compareTurns(turns, names),
    [turns?.left, turns?.right, names.left, names.right],
  );
  if (comparisons === null) return null;
  return (
    <div class="compared" style={{ '--round': index }}>
      <table>
        <caption class="unseen">Message {index + 1}, compared</caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">Figure</span>
            </th>
            <th scope="col">{names.left}</th>
            <th scope="col">{names.right}</th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          {comparisons.map((comparison) => (
            <ComparedRow key={comparison.figure} comparison={comparison} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ComparedRow({
  comparison: { figure, values, less, words },
}: {
  readonly comparison: FigureComparison;
}): JSX.Element {
  return (
    <tr>
      <th scope="row">{figure}</th>
      <td class={less === 'left' ? 'less' : undefined}>{values.left}</td>
      <td class={less === 'right' ? 'less' : undefined}>{values.right}</td>
      <td class="difference">{words}</td>
    </tr>
  );
}
