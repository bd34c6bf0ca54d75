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

/** Statements to read before the emulator serves other requests. */
const STATEMENTS_PER_TURN = 50;

/** Extracts insights from the user's statements. Questions and assistant messages say nothing about the user. */
async function extractStatements(
  { messages }: Transcript,
  parse: (statement: string) => UndatedInsight | undefined,
): Promise<Insight[]> {
  const insights: Insight[] = [];
  for (const { text, at } of messages.filter(({ role }) => role === 'USER')) {
    for (const [index, statement] of splitStatements(text).entries()) {
      if (index % STATEMENTS_PER_TURN === 0) await nextTurn();
      const insight = parse(statement);
      if (insight) insights.push({ ...insight, at });
    }
  }
  return insights;
}

const extractByKind: Readonly<
  Record<
    InsightKind,
    (
      transcript: Transcript,
      known: KnownInsights,
    ) => readonly Insight[] | Promise<readonly Insight[]>
  >
> = {
  facts: (transcript) => extractStatements(transcript, parseFact),
  preferences: (transcript) => extractStatements(transcript, parsePreference),
  summary: extendSummary,
  episode: buildEpisode,
};

/**
 * Extracts with rules for plain English statements, without a model. The name in each record says that
 * the result is approximate: the rules skip other phrasings and languages.
 */
export const builtInExtractor: Extractor = {
  name: 'built-in rules - approximate',
  extract: async (kind, transcript, known) => extractByKind[kind](transcript, known),
};
