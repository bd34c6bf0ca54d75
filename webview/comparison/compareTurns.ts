import { LANES, type PerLane, type Lane } from '../../src/shared/chat/comparison.ts';
import type { Usage } from '../../src/shared/chat/answer.ts';
import { answerText, type Turn } from '../../src/shared/chat/turn.ts';
import { formatDuration } from '../parts/formatDuration.ts';

/** One metric of two turns, and their difference. */
export interface MetricComparison {
  readonly metric: string;
  readonly values: PerLane<string>;
  /** Lane with the lower value; null if equal or not comparable. */
  readonly less: Lane | null;
  /** Text of the difference; empty if the values are not comparable. */
  readonly difference: string;
}

const NOT_REPORTED = 'not reported';
const SAME = 'the same';

/** Compares two turns. `names` are the agents’ names. Null while a turn is running. */
export function compareTurns(
  turns: PerLane<Turn>,
  names: PerLane<string>,
): readonly MetricComparison[] | null {
  const { left, right } = turns;
  if (left.outcome === null || right.outcome === null) return null;
  // A failed turn is not better because it took less time.
  const isComparable = isCompleted(left) && isCompleted(right);
  const measured = MEASURES.flatMap((measure) => {
    const amounts = forEachLane(turns, measure.read);
    if (amounts.left === undefined && amounts.right === undefined) return [];
    return compareAmounts(measure, amounts, isComparable ? names : null);
  });
  const tools = forEachLane(turns, countTools);
  const isToolUsed = tools.left.size > 0 || tools.right.size > 0;
  return [
    ...measured,
    ...(isToolUsed ? [compareTools(tools, names)] : []),
    compareAnswers(turns, names),
  ];
}

/** A metric for which less is better. */
interface Measure {
  readonly metric: string;
  readonly read: (turn: Turn) => number | undefined;
  readonly format: (amount: number) => string;
  readonly comparative: string;
}

const MEASURES: readonly Measure[] = [
  {
    metric: 'First word',
    read: ({ askedAt, firstAt }) => (firstAt === null ? undefined : firstAt - askedAt),
    format: formatDuration,
    comparative: 'sooner',
  },
  {
    metric: 'Duration',
    read: ({ askedAt, endedAt }) => (endedAt === null ? undefined : endedAt - askedAt),
    format: formatDuration,
    comparative: 'shorter',
  },
  {
    metric: 'Tokens in',
    read: (turn) => readUsage(turn)?.inputTokens,
    format: formatCount,
    comparative: 'fewer',
  },
  {
    metric: 'Tokens out',
    read: (turn) => readUsage(turn)?.outputTokens,
    format: formatCount,
    comparative: 'fewer',
  },
  {
    metric: 'Cost',
    read: (turn) => readUsage(turn)?.costInDollars,
    format: (amount) => `$${amount.toPrecision(2)}`,
    comparative: 'less',
  },
];

/** The measured usage; without model calls through the emulator, what the agent reported. */
function readUsage({ modelCalls, usage }: Turn): Usage | null {
  if (!modelCalls) return usage;
  const { inputTokens, outputTokens, cost } = modelCalls.total;
  return { inputTokens, outputTokens, ...(cost !== null && { costInDollars: cost }) };
}

/** Describes the differences in sentences, for screen readers. */
export function describeDifferences(comparisons: readonly MetricComparison[]): string {
  return comparisons
    .filter(({ difference }) => difference !== '')
    .map(({ metric, difference }) => `${metric}: ${difference}.`)
    .join(' ');
}

/** Names that distinguish two agents side by side, even if both are the same. */
export function distinctNames({ left, right }: PerLane<string>): PerLane<string> {
  if (left !== right) return { left, right };
  return { left: `${left} (left)`, right: `${right} (right)` };
}

function forEachLane<Value>(turns: PerLane<Turn>, read: (turn: Turn) => Value): PerLane<Value> {
  return { left: read(turns.left), right: read(turns.right) };
}

function compareAmounts(
  { metric, format, comparative }: Measure,
  { left, right }: PerLane<number | undefined>,
  names: PerLane<string> | null,
): MetricComparison {
  const values = {
    left: left === undefined ? NOT_REPORTED : format(left),
    right: right === undefined ? NOT_REPORTED : format(right),
  };
  if (left === undefined || right === undefined || names === null) {
    return { metric, values, less: null, difference: '' };
  }
  // Values that look the same on the page count as equal.
  if (values.left === values.right) return { metric, values, less: null, difference: SAME };
  const less = left < right ? 'left' : 'right';
  const difference = `${names[less]} ${format(Math.abs(left - right))} ${comparative}`;
  return { metric, values, less, difference };
}

/** Number of uses by tool name. */
function countTools({ parts }: Turn): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const part of parts) {
    if (part.type === 'tool') uses.set(part.name, (uses.get(part.name) ?? 0) + 1);
  }
  return uses;
}

function compareTools(
  { left, right }: PerLane<ReadonlyMap<string, number>>,
  names: PerLane<string>,
): MetricComparison {
  const onlyIn = (tools: typeof left, others: typeof left) =>
    [...tools.keys()].filter((name) => !others.has(name));
  const only = { left: onlyIn(left, right), right: onlyIn(right, left) };
  const values = { left: formatTools(left), right: formatTools(right) };
  const differences = LANES.filter((lane) => only[lane].length > 0).map(
    (lane) => `only ${names[lane]}: ${only[lane].join(', ')}`,
  );
  const noDifference = values.left === values.right ? SAME : 'the same tools';
  return {
    metric: 'Tools',
    values,
    less: null,
    difference: differences.join('; ') || noDifference,
  };
}

function formatTools(tools: ReadonlyMap<string, number>): string {
  if (tools.size === 0) return 'none';
  return [...tools]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, uses]) => (uses === 1 ? name : `${name} × ${uses}`))
    .join(', ');
}

function compareAnswers(turns: PerLane<Turn>, names: PerLane<string>): MetricComparison {
  const values = forEachLane(turns, describeAnswer);
  return { metric: 'Answer', values, less: null, difference: compareAnswerTexts(turns, names) };
}

function isCompleted({ outcome }: Turn): boolean {
  return outcome?.type === 'completed';
}

function compareAnswerTexts({ left, right }: PerLane<Turn>, names: PerLane<string>): string {
  if (!isCompleted(left) && !isCompleted(right)) return 'neither completed';
  if (!isCompleted(left)) return `only ${names.right} answered`;
  if (!isCompleted(right)) return `only ${names.left} answered`;
  const [one, other] = [answerText(left), answerText(right)];
  if (one === other) return 'the same text';
  return removeSpaces(one) === removeSpaces(other)
    ? 'the same except for spaces'
    : 'different text';
}

function removeSpaces(text: string): string {
  return text.replace(/\s+/g, '');
}

function describeAnswer(turn: Turn): string {
  const { outcome } = turn;
  if (outcome?.type === 'failed') return `failed: ${outcome.failure.name}`;
  if (outcome?.type === 'canceled') return 'stopped';
  // Not every language separates words with spaces.
  const pieces = [...new Intl.Segmenter('en', { granularity: 'word' }).segment(answerText(turn))];
  const words = pieces.filter(({ isWordLike }) => isWordLike).length;
  return words === 1 ? '1 word' : `${formatCount(words)} words`;
}

function formatCount(amount: number): string {
  return amount.toLocaleString('en');
}
