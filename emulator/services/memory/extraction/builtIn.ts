import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  Extractor,
  Insight,
  InsightKind,
  KnownInsights,
  Transcript,
  UndatedInsight,
} from './extractor.ts';
import { parseFact } from './facts.ts';
import { buildEpisode, extendSummary } from './narratives.ts';
import { parsePreference } from './preferences.ts';
import { splitStatements } from './statements.ts';

/** So many are read without a pause, in which the emulator answers others. */
const STATEMENTS_AT_ONCE = 50;

/** Of questions, and of what an assistant says, nothing is known of its user. */
async function stated(
  { turns }: Transcript,
  insightOf: (statement: string) => UndatedInsight | undefined,
): Promise<Insight[]> {
  const insights: Insight[] = [];
  for (const { text, at } of turns.filter(({ role }) => role === 'USER')) {
    for (const [index, statement] of splitStatements(text).entries()) {
      if (index % STATEMENTS_AT_ONCE === 0) await nextTurn();
      const insight = insightOf(statement);
      if (insight) insights.push({ ...insight, at });
    }
  }
  return insights;
}

const kinds: Readonly<
  Record<
    InsightKind,
    (told: Transcript, known: KnownInsights) => readonly Insight[] | Promise<readonly Insight[]>
  >
> = {
  facts: (told) => stated(told, parseFact),
  preferences: (told) => stated(told, parsePreference),
  summary: extendSummary,
  episode: buildEpisode,
};

/**
 * The extractor that needs no model: rules for plain statements in English. It is approximate, as its
 * name says in each of its records: what is said in other ways, or in other languages, it passes over.
 */
export const builtInExtractor: Extractor = {
  name: 'built-in rules - approximate',
  extract: async (kind, told, known) => kinds[kind](told, known),
};
