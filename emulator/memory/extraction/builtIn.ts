import type { Extractor, Insight, Kind, KnownInsight, Told } from './extractor.ts';
import { factOf } from './facts.ts';
import { episodeOf, summaryOf } from './narratives.ts';
import { preferenceOf } from './preferences.ts';
import { statementsOf } from './statements.ts';

/** Of questions, and of what an assistant says, nothing is known of its user. */
function stated({ turns }: Told, insightOf: (statement: string) => Insight | undefined): Insight[] {
  return turns
    .filter(({ role }) => role === 'USER')
    .flatMap(({ text }) => statementsOf(text))
    .flatMap((statement) => insightOf(statement) ?? []);
}

const kinds: Readonly<
  Record<Kind, (told: Told, known: readonly KnownInsight[]) => readonly Insight[]>
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
