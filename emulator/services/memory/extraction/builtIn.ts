import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  Extractor,
  Insight,
  InsightKind,
  KnownInsights,
  Transcript,
  UndatedInsight,
} from './extractor.ts';
import { findFacts } from './facts.ts';
import { buildEpisode, extendSummary } from './narratives.ts';
import { findPreferences } from './preferences.ts';
import { readSentences, type Sentence } from './statements.ts';

/** Sentences to read before the emulator serves other requests. */
const SENTENCES_PER_TURN = 50;

/** Extracts insights about the user from sentences of the user and the assistant, as AWS does. */
async function extractStatements(
  { messages }: Transcript,
  find: (sentence: Sentence) => readonly UndatedInsight[],
): Promise<Insight[]> {
  const insights: Insight[] = [];
  for (const message of messages.filter(({ role }) => role === 'USER' || role === 'ASSISTANT')) {
    for (const [index, sentence] of readSentences(message).entries()) {
      if (index % SENTENCES_PER_TURN === 0) await nextTurn();
      for (const insight of find(sentence)) insights.push({ ...insight, at: message.at });
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
  facts: (transcript) => extractStatements(transcript, findFacts),
  preferences: (transcript) => extractStatements(transcript, findPreferences),
  summary: extendSummary,
  episode: buildEpisode,
};

/**
 * Extracts with rules for plain English statements, without a model. The name in each record says that
 * the result is approximate: the rules skip other phrasings and languages.
 */
export const builtInExtractor = {
  name: 'built-in rules - approximate',
  extract: async (kind: InsightKind, transcript: Transcript, known: KnownInsights) =>
    extractByKind[kind](transcript, known),
} satisfies Extractor;
