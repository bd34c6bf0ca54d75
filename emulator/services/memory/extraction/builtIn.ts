import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Extractor, Insight, Kind, Known, Told, Undated } from './extractor.ts';
import { factOf } from './facts.ts';
import { episodeOf, summaryOf } from './narratives.ts';
import { preferenceOf } from './preferences.ts';
import { statementsOf } from './statements.ts';

/** So many are read without a pause, in which the emulator answers others. */
const STATEMENTS_AT_ONCE = 50;

/** Of questions, and of what an assistant says, nothing is known of its user. */
async function stated(
  { turns }: Told,
  insightOf: (statement: string) => Undated | undefined,
): Promise<Insight[]> {
  const insights: Insight[] = [];
  for (const { text, at } of turns.filter(({ role }) => role === 'USER')) {
    for (const [index, statement] of statementsOf(text).entries()) {
      if (index % STATEMENTS_AT_ONCE === 0) await nextTurn();
      const insight = insightOf(statement);
      if (insight) insights.push({ ...insight, at });
    }
  }
  return insights;
}

const kinds: Readonly<
  Record<Kind, (told: Told, known: Known) => readonly Insight[] | Promise<readonly Insight[]>>
> = {
  facts: (told) => stated(told, factOf),
  preferences: (told) => stated(told, preferenceOf),
  summary: summaryOf,
  episode: episodeOf,
};

/**
 * The extractor that needs no model: rules for plain statements in English. It is approximate, as its
 * name says in each of its records: what is said in other ways, or in other languages, it passes over.
 */
export const builtInExtractor: Extractor = {
  name: 'built-in rules - approximate',
  extract: async (kind, told, known) => kinds[kind](told, known),
};
