import * as z from 'zod';
import type { ImportSummary } from '../../../src/shared/importSummary.ts';
import { time } from '../../admin/time.ts';

const record = {
  memoryRecordId: z.string(),
  text: z.string(),
  namespace: z.string(),
  memoryStrategyId: z.string(),
};

/** Why RetrieveMemoryRecords finds what it finds. */
export const explanation = z.object({
  searched: z.int().describe('how many records the request means, whatever their words'),
  words: z
    .array(
      z.object({
        word: z.string(),
        records: z.int().describe('how many of those have it, in any of its forms'),
        rarity: z.number(),
        share: z.number().describe('what a record adds to its score by it at most'),
      }),
    )
    .readonly(),
  ignored: z.array(z.string()).readonly().describe('words of the query that are not searched for'),
  formula: z.string().describe('how these numbers make a score'),
  found: z
    .array(
      z.object({
        ...record,
        score: z.number(),
        words: z
          .array(
            z.object({
              word: z.string(),
              forms: z.array(z.string()).readonly().describe('as it stands in the record'),
              bm25: z.number().describe('how well the record has it'),
              best: z.number().describe('how well the record has it that has it best'),
              gain: z.number().describe('what it adds to the score'),
            }),
          )
          .readonly(),
      }),
    )
    .readonly(),
  excluded: z
    .array(
      z.object({
        ...record,
        words: z.array(z.string()).readonly(),
        why: z.array(z.string()).readonly(),
      }),
    )
    .readonly()
    .describe('records with a word of the query that are not found'),
});

/** A recent RetrieveMemoryRecords request with what it found. */
export const retrieval = z.object({
  time,
  request: z
    .record(z.string(), z.unknown())
    .describe('the input of RetrieveMemoryRecords, to be explained'),
  found: z.array(z.object({ memoryRecordId: z.string(), score: z.number() })).readonly(),
});

const count = z.int().min(0);

/** What an import added. */
export const importSummary = z.object({
  added: z.object({ memories: count, events: count, records: count }),
  alreadyThere: count,
}) satisfies z.ZodType<ImportSummary>;
