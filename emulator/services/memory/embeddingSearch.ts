import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from '../../log.ts';
import type { TextModel, TextModelCall } from '../../textModel.ts';
import { localFailure } from '../../wire/errors.ts';
import type { EmbeddedRecord, EmbeddingStore } from './embeddingStore.ts';
import type { RecordStore } from './recordStore.ts';
import type { RecordScope } from './scopeCondition.ts';
import type { RecordSearch, SearchResult } from './search.ts';

/** Records to read at once. Other requests are served in between. */
const PAGE_SIZE = 500;

/** Texts in one call of the model. */
const BATCH_SIZE = 32;

const FORMULA =
  'score = cosine of the embeddings of the query and the record, or 0 if it is negative';

/** A record with its similarity to a query. */
interface RankedRecord {
  readonly number: number;
  readonly score: number;
}

/**
 * Creates a search that ranks all records of its scope by the similarity of their embeddings to the
 * query's. A record is embedded by the first search that reads it, and stays embedded if the search
 * fails later.
 */
export function createEmbeddingSearch({
  records,
  embeddings,
  model,
  atomically,
  writable,
  logger,
  signal,
}: {
  records: Pick<RecordStore, 'getByNumbers' | 'count'>;
  embeddings: EmbeddingStore;
  model: TextModel;
  atomically: <T>(work: () => T) => T;
  /** Waits for an import to end. */
  writable: () => Promise<unknown>;
  logger: Logger;
  /** Aborted when the memories close. */
  signal: AbortSignal;
}): RecordSearch {
  let embedding: Promise<unknown> = Promise.resolve();

  async function embed(texts: readonly string[], call: TextModelCall): Promise<Float32Array[]> {
    try {
      return (await model.embed(texts, call)).map(normalize);
    } catch (error) {
      const { message } = error as Error;
      logger.warn(`RetrieveMemoryRecords has no embeddings: ${message}`);
      throw localFailure(
        `Embeddings of ${model.name} are unavailable, so records cannot be ranked: ${message}`,
      );
    }
  }

  /** Embeds the records of a page that have no embedding of the query's length. */
  async function complete(
    page: readonly EmbeddedRecord[],
    length: number,
    call: TextModelCall,
  ): Promise<EmbeddedRecord[]> {
    const complete = new Map(page.map((record) => [record.number, record]));
    const missing = page.filter(({ vector }) => vector?.length !== length);
    for (let start = 0; start < missing.length; start += BATCH_SIZE) {
      const batch = missing.slice(start, start + BATCH_SIZE);
      const vectors = await embed(
        batch.map(({ text }) => text),
        call,
      );
      await writable();
      atomically(() => {
        for (const [index, record] of batch.entries()) {
          const vector = vectors[index]!;
          embeddings.save(record, model.name, vector);
          complete.set(record.number, { ...record, vector });
        }
      });
    }
    return [...complete.values()];
  }

  /** Reads a page. Searches that embed records do so one after another, so that each is embedded once. */
  async function readPage(
    scope: RecordScope,
    before: number,
    length: number,
    call: TextModelCall,
  ): Promise<EmbeddedRecord[]> {
    const read = () => embeddings.list(scope, model.name, before, PAGE_SIZE);
    const page = read();
    if (page.every(({ vector }) => vector?.length === length)) return page;
    const completing = embedding.then(async () => complete(read(), length, call));
    embedding = completing.catch(() => {});
    return completing;
  }

  return async (query, topK, scope, caller): Promise<SearchResult> => {
    const call = { operation: 'memory embeddings', caller, signal };
    const [target] = await embed([query], call);
    let best: RankedRecord[] = [];
    for (let before = Number.MAX_SAFE_INTEGER; ;) {
      const page = await readPage(scope, before, target!.length, call);
      const ranked = page.map(({ number, vector }) => ({
        number,
        score: similarity(target!, vector!),
      }));
      best = [...best, ...ranked].toSorted(compareRanks).slice(0, topK);
      if (page.length < PAGE_SIZE) break;
      before = page.at(-1)!.number;
      await nextTurn();
    }
    const scores = new Map(best.map(({ number, score }) => [number, score]));
    const items = records
      .getByNumbers([...scores.keys()])
      .map((row) => ({ row, score: scores.get(row.number)!, number: row.number }))
      .toSorted(compareRanks);
    return { items, words: [], ignored: [], total: records.count(scope), formula: FORMULA };
  };
}

/** Orders the best records first, and of equal ones the newest. */
function compareRanks(left: RankedRecord, right: RankedRecord): number {
  return right.score - left.score || right.number - left.number;
}

/** Returns a vector of the same direction with a length of 1. */
function normalize(vector: readonly number[]): Float32Array {
  const length = Math.hypot(...vector) || 1;
  return Float32Array.from(vector, (value) => value / length);
}

/** The cosine of two vectors of length 1, as a score from 0 to 1. */
function similarity(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) sum += left[index]! * right[index]!;
  return Math.min(1, Math.max(0, sum));
}
