import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock.ts';
import { RECORD_NOT_EXPIRED, scopeCondition, type RecordScope } from './scopeCondition.ts';

/** A record's text with its embedding. */
export interface EmbeddedRecord {
  readonly number: number;
  readonly text: string;
  /** The embedding by the requested model, with a length of 1; null if there is none yet. */
  readonly vector: Float32Array | null;
}

/** Stores one embedding of each record. A trigger removes it when the record's text changes. */
export interface EmbeddingStore {
  /** Returns records with a lower number than `before`, newest first, with their embeddings by a model. */
  list(scope: RecordScope, model: string, before: number, limit: number): EmbeddedRecord[];
  /** Replaces the embedding of a record, unless its text has changed. */
  save(record: Pick<EmbeddedRecord, 'number' | 'text'>, model: string, vector: Float32Array): void;
}

/** Creates the embedding store of a database. */
export function createEmbeddingStore(
  database: DatabaseSync,
  clock: Pick<Clock, 'now'>,
): EmbeddingStore {
  const insert = database.prepare(
    `INSERT OR REPLACE INTO embeddings (record, model, vector)
     SELECT number, :model, :vector FROM records WHERE number = :number AND text = :text`,
  );
  return {
    list(scope, model, before, limit) {
      const { condition, values } = scopeCondition(scope);
      const statement = database.prepare(
        `SELECT number, text, vector FROM records
         LEFT JOIN embeddings ON record = number AND model = :model
         WHERE ${condition} AND ${RECORD_NOT_EXPIRED} AND number < :before
         ORDER BY number DESC LIMIT :limit`,
      );
      const rows = statement.all({ ...values, model, before, limit, now: clock.now() });
      return rows.map((row) => {
        const { number, text, vector } = row as unknown as StoredRow;
        return { number, text, vector: vector && toFloats(vector) };
      });
    },
    save({ number, text }, model, vector) {
      const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
      insert.run({ number, text, model, vector: bytes });
    },
  };
}

interface StoredRow {
  readonly number: number;
  readonly text: string;
  readonly vector: Uint8Array | null;
}

/** Copies the bytes, because they need not be aligned. */
function toFloats(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}
