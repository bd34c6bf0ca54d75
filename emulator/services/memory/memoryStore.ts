import type { DatabaseSync } from 'node:sqlite';
import { notFound } from '../../wire/errors.ts';
import type { StoredMemory } from './storedMemory.ts';

/** The memories there are. */
export interface MemoryStore {
  /** The one of an id, or of an ARN as some SDKs give it. */
  find(idOrArn: string | undefined): StoredMemory;
  /** The same by its id, which nobody may have. */
  get(id: string): StoredMemory | undefined;
  /** In the order of their names. */
  all(): StoredMemory[];
  save(record: StoredMemory): void;
  /** Removes one with all that it holds. */
  remove(id: string): void;
}

/** The memories in a database. */
export function createMemoryStore(database: DatabaseSync): MemoryStore {
  const byId = database.prepare('SELECT record FROM memories WHERE id = :id');
  const every = database.prepare('SELECT record FROM memories ORDER BY name');
  // Not INSERT OR REPLACE, which would remove what the memory holds.
  const upsert = database.prepare(
    `INSERT INTO memories VALUES (:id, :name, :record)
     ON CONFLICT (id) DO UPDATE SET record = excluded.record`,
  );
  const removal = database.prepare('DELETE FROM memories WHERE id = :id');
  const read = (row: { record: string }) => JSON.parse(row.record) as StoredMemory;

  function get(id: string): StoredMemory | undefined {
    const row = byId.get({ id }) as { record: string } | undefined;
    return row && read(row);
  }

  return {
    get,
    find(idOrArn = '') {
      const id = idOrArn.slice(idOrArn.lastIndexOf('/') + 1);
      const record = get(id);
      if (record && (idOrArn === id || idOrArn === record.arn)) return record;
      const known = memoriesNamed(every.all() as { record: string }[]);
      throw notFound(`There is no memory '${idOrArn}' here; the emulator has ${known}`);
    },
    all: () => (every.all() as { record: string }[]).map(read),
    save: (record) =>
      void upsert.run({ id: record.id, name: record.name, record: JSON.stringify(record) }),
    remove: (id) => void removal.run({ id }),
  };

  function memoriesNamed(rows: readonly { record: string }[]): string {
    return rows.map((row) => read(row).id).join(', ') || 'none';
  }
}
