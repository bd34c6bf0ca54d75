import type { JSX } from 'preact';
import type { Both } from '../../src/shared/chat/comparison.ts';
import { compare, inSentences } from './comparing.ts';
import { lastAsked, type RoundTurns } from './rounds.ts';

/** Tells a screen reader how the last two answers compare, once both are there; nobody sees it. */
export function Verdict({
  round,
  names,
}: {
  readonly round: RoundTurns | undefined;
  readonly names: Both<string>;
}): JSX.Element {
  const turns = round ? lastAsked(round) : null;
  const comparisons = turns && compare(turns, names);
  return (
    <p class="unseen" role="status">
      {comparisons && `Both are done. ${inSentences(comparisons)}`}
    </p>
  );
}
