import * as z from 'zod';
import { time } from '../../../src/shared/schemas/adminApi.ts';

const record = {
  memoryRecordId: z.string(),
  text: z.string(),
  namespace: z.string(),
  memoryStrategyId: z.string(),
};

/** JSON form of an explanation of RetrieveMemoryRecords. */
export const explanation = z.object({
  searched: z.int().describe('number of records in the scope of the request'),
  words: z
    .array(
      z.object({
        word: z.string(),
        records: z.int().describe('number of these records that contain the word in any form'),
        rarity: z.number(),
        share: z.number().describe('maximum that the word can add to a score'),
      }),
    )
    .readonly(),
  ignored: z.array(z.string()).readonly().describe('words of the query that the search ignores'),
  formula: z.string().describe('formula of the score'),
  found: z
    .array(
      z.object({
        ...record,
        score: z.number(),
        words: z
          .array(
            z.object({
              word: z.string(),
              forms: z.array(z.string()).readonly().describe('forms of the word in the record'),
              bm25: z.number().describe('BM25 weight of the word in the record'),
              best: z.number().describe('highest BM25 weight of the word in any record'),
              gain: z.number().describe('amount that the word adds to the score'),
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
        reasons: z.array(z.string()).readonly(),
      }),
    )
    .readonly()
    .describe('records that contain a word of the query but are not found'),
});

/** JSON form of a recent RetrieveMemoryRecords request and its results. */
export const retrieval = z.object({
  time,
  request: z
    .record(z.string(), z.unknown())
    .describe('input of RetrieveMemoryRecords, which can be explained'),
  found: z.array(z.object({ memoryRecordId: z.string(), score: z.number() })).readonly(),
});
