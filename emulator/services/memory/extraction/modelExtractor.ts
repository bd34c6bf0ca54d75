import type { TextModel } from '../../../textModel.ts';
import type {
  ExtractionContext,
  Extractor,
  Insight,
  InsightKind,
  KnownInsights,
} from './extractor.ts';
import type { TranscriptChunk } from './modelTasks.ts';
import { splitTranscript } from './transcriptChunks.ts';

/** Maximum characters of messages in a prompt: about 6,000 tokens, which small local models can read. */
const MAX_CHUNK_LENGTH = 24_000;

/** Maximum known insights in a prompt. */
const MAX_KNOWN = 100;

/** Creates an extractor that prompts a model. Long transcripts are read in several calls, in order. */
export function createModelExtractor(model: TextModel): Extractor {
  return {
    name: `model ${model.name}`,
    async extract(kind, { session, messages }, known, context) {
      // Loaded with the first extraction, because zod takes time to load.
      const { modelTasks } = await import('./modelTasks.ts');
      const { instructions, schema, read } = modelTasks[kind];
      const { prompts, signal } = context;
      const insights: Insight[] = [];
      for (const chunk of splitTranscript(messages, MAX_CHUNK_LENGTH)) {
        const transcript = { session, messages: chunk };
        const reply = await model.reply(
          {
            instructions: [instructions, ...prompts.appended].join('\n\n'),
            text: `${describeKnown(kind, session, known, context, insights)}\n\n${formatMessages(transcript)}`,
            schema,
            modelId: prompts.modelId,
          },
          { operation: 'memory extraction', caller: null, signal },
        );
        insights.push(...withLaterTimes(kind, read(reply, transcript), known));
      }
      return insights;
    },
  };
}

/** Lists the insights known before a chunk: stored ones first, then those of earlier chunks. */
function describeKnown(
  kind: InsightKind,
  session: string,
  known: KnownInsights,
  { listKnown }: ExtractionContext,
  found: readonly Insight[],
): string {
  if (kind === 'summary' || kind === 'episode') {
    const subject = `${kind} of ${session}`;
    const gist = found.findLast((insight) => insight.subject === subject)?.gist;
    return `Known ${kind}:\n${gist ?? known(subject)?.gist ?? 'none'}`;
  }
  const bySubject = new Map(
    [...listKnown(MAX_KNOWN).toReversed(), ...found].map(({ subject, gist }) => [subject, gist]),
  );
  const lines = [...bySubject].slice(-MAX_KNOWN).map(([subject, gist]) => `- ${subject}: ${gist}`);
  return `Known ${kind}, each with its subject:\n${lines.join('\n') || 'none'}`;
}

function formatMessages({ messages }: TranscriptChunk): string {
  const lines = messages.map(({ role, text }, index) => `[${index + 1}] ${role}: ${text}`);
  return `Conversation:\n${lines.join('\n')}`;
}

/** A new summary or episode contains the old one, so it replaces it even if its messages are older. */
function withLaterTimes(
  kind: InsightKind,
  insights: readonly Insight[],
  known: KnownInsights,
): Insight[] {
  const isWhole = kind === 'summary' || kind === 'episode';
  return insights.map((insight) => ({
    ...insight,
    at: isWhole ? Math.max(insight.at, known(insight.subject)?.at ?? 0) : insight.at,
  }));
}
