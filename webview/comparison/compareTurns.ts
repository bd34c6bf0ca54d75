import type { PerLane, Lane } from '../../src/shared/chat/comparison.ts';
import { answerText, type Turn } from '../../src/shared/chat/turn.ts';

import { formatDuration } from '../parts/formatDuration.ts';

/** One figure of two turns, and in what they differ. */
export interface FigureComparison {
  readonly figure: string;
  readonly values: PerLane<string>;
  /** Which of them took less. */
  readonly less: Lane | null;
  /** The difference, for whoever hears it as for whoever reads it. */
  readonly words: string;
}

const NOT_TOLD = 'not told';
const SAME = 'the same';

/** Compares two turns, by the names of those who answered; null while one of them is not done. */
export function compareTurns(
  turns: PerLane<Turn>,
  names: PerLane<string>,
): readonly FigureComparison[] | null {
  const { left, right } = turns;
  if (left.outcome === null || right.outcome === null) return null;
  // To have failed sooner is no merit.
  const isFair = isAnswered(left) && isAnswered(right);
  const measured = MEASURES.flatMap((measure) => {
    const amounts = each(turns, measure.of);
    if (amounts.left === undefined && amounts.right === undefined) return [];
    return compareAmounts(measure, amounts, isFair ? names : null);
  });
  const tools = each(turns, toolsOf);
  const isToolUsed = tools.left.size > 0 || tools.right.size > 0;
  return [
    ...measured,
    ...(isToolUsed ? [compareTools(tools, names)] : []),
    compareAnswers(turns, names),
  ];
}

/** Something of a turn of which less is better. */
interface Measure {
  readonly figure: string;
  readonly of: (turn: Turn) => number | undefined;
  readonly say: (amount: number) => string;
  readonly comparative: string;
}

const MEASURES: readonly Measure[] = [
  {
    figure: 'First word',
    of: ({ askedAt, firstAt }) => (firstAt === null ? undefined : firstAt - askedAt),
    say: formatDuration,
    comparative: 'sooner',
  },
  {
    figure: 'Duration',
    of: ({ askedAt, endedAt }) => (endedAt === null ? undefined : endedAt - askedAt),
    say: formatDuration,
    comparative: 'shorter',
  },
  {
    figure: 'Tokens in',
    of: ({ usage }) => usage?.inputTokens,
    say: count,
    comparative: 'fewer',
  },
  {
    figure: 'Tokens out',
    of: ({ usage }) => usage?.outputTokens,
    say: count,
    comparative: 'fewer',
  },
  {
    figure: 'Cost',
    of: ({ usage }) => usage?.costInDollars,
    say: (amount) => `$${amount.toPrecision(2)}`,
    comparative: 'less',
  },
];

/** The differences as sentences. */
export function describeDifferences(comparisons: readonly FigureComparison[]): string {
  return comparisons
    .filter(({ words }) => words !== '')
    .map(({ figure, words }) => `${figure}: ${words}.`)
    .join(' ');
}

/** What two agents are called where they stand side by side. */
export function distinctNames({ left, right }: PerLane<string>): PerLane<string> {
  if (left !== right) return { left, right };
  return { left: `${left} (left)`, right: `${right} (right)` };
}

function each<Value>(turns: PerLane<Turn>, of: (turn: Turn) => Value): PerLane<Value> {
  return { left: of(turns.left), right: of(turns.right) };
}

function compareAmounts(
  { figure, say, comparative }: Measure,
  { left, right }: PerLane<number | undefined>,
  names: PerLane<string> | null,
): FigureComparison {
  const values = {
    left: left === undefined ? NOT_TOLD : say(left),
    right: right === undefined ? NOT_TOLD : say(right),
  };
  if (left === undefined || right === undefined || names === null) {
    return { figure, values, less: null, words: '' };
  }
  // A difference that the figures do not show is none.
  if (values.left === values.right) return { figure, values, less: null, words: SAME };
  const less = left < right ? 'left' : 'right';
  const words = `${names[less]} ${say(Math.abs(left - right))} ${comparative}`;
  return { figure, values, less, words };
}

/** How often each tool was used, by its name. */
function toolsOf({ parts }: Turn): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const part of parts) {
    if (part.type === 'tool') uses.set(part.name, (uses.get(part.name) ?? 0) + 1);
  }
  return uses;
}

function compareTools(
  { left, right }: PerLane<ReadonlyMap<string, number>>,
  names: PerLane<string>,
): FigureComparison {
  const onlyIn = (tools: typeof left, others: typeof left) =>
    [...tools.keys()].filter((name) => !others.has(name));
  const only = { left: onlyIn(left, right), right: onlyIn(right, left) };
  const values = { left: listed(left), right: listed(right) };
  const parted = (['left', 'right'] as const)
    .filter((lane) => only[lane].length > 0)
    .map((lane) => `only ${names[lane]}: ${only[lane].join(', ')}`);
  const alike = values.left === values.right ? SAME : 'the same tools';
  return { figure: 'Tools', values, less: null, words: parted.join('; ') || alike };
}

function listed(tools: ReadonlyMap<string, number>): string {
  if (tools.size === 0) return 'none';
  return [...tools]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, uses]) => (uses === 1 ? name : `${name} × ${uses}`))
    .join(', ');
}

function compareAnswers(turns: PerLane<Turn>, names: PerLane<string>): FigureComparison {
  const values = each(turns, answerInWords);
  return { figure: 'Answer', values, less: null, words: likeness(turns, names) };
}

function isAnswered({ outcome }: Turn): boolean {
  return outcome?.type === 'completed';
}

function likeness({ left, right }: PerLane<Turn>, names: PerLane<string>): string {
  if (!isAnswered(left) && !isAnswered(right)) return 'neither is whole';
  if (!isAnswered(left)) return `only ${names.right} answered`;
  if (!isAnswered(right)) return `only ${names.left} answered`;
  const [one, other] = [answerText(left), answerText(right)];
  if (one === other) return 'the same text';
  return withoutSpaces(one) === withoutSpaces(other) ? 'the same but for spaces' : 'different text';
}

function withoutSpaces(text: string): string {
  return text.replace(/\s+/g, '');
}

function answerInWords(turn: Turn): string {
  const { outcome } = turn;
  if (outcome?.type === 'failed') return `failed: ${outcome.failure.name}`;
  if (outcome?.type === 'cancelled') return 'stopped';
  // Not every language puts spaces between its words.
  const pieces = [...new Intl.Segmenter('en', { granularity: 'word' }).segment(answerText(turn))];
  const words = pieces.filter(({ isWordLike }) => isWordLike).length;
  return words === 1 ? '1 word' : `${count(words)} words`;
}

function count(amount: number): string {
  return amount.toLocaleString('en');
}
