import type { DatabaseSync } from 'node:sqlite';
import { notFound } from '../../wire/errors.ts';
import type { StoredMemory } from './storedMemory.ts';

/** Stores memories. */
export interface MemoryStore {
  /**
   * Finds a memory by id or, as some SDKs send, by ARN. Throws when it does not exist, in AWS's words:
   * the control plane names the operation.
   */
  find(idOrArn: string | undefined, controlOperation?: string): StoredMemory;
  /** Returns undefined when no memory has the id. */
  get(id: string): StoredMemory | undefined;
  /** Returns all memories in order of name. */
  list(): StoredMemory[];
  save(record: StoredMemory): void;
  /** Removes a memory with its content. */
  remove(id: string): void;
}

/** Creates the memory store of a database. */
export function createMemoryStore(database: DatabaseSync): MemoryStore {
  const selectById = database.prepare('SELECT record FROM memories WHERE id = :id');
  const selectAll = database.prepare('SELECT record FROM memories ORDER BY name');
  // INSERT OR REPLACE would delete the memory's content.
  const upsert = database.prepare(
    `INSERT INTO memories VALUES (:id, :name, :record)
     ON CONFLICT (id) DO UPDATE SET record = excluded.record`,
  );
  const deleteById = database.prepare('DELETE FROM memories WHERE id = :id');
  const read = (row: { record: string }) => JSON.parse(row.record) as StoredMemory;

  function get(id: string): StoredMemory | undefined {
    const row = selectById.get({ id }) as { record: string } | undefined;
    return row && read(row);
  }

  return {
    get,
    find(idOrArn = '', controlOperation) {
      const id = idOrArn.slice(idOrArn.lastIndexOf('/') + 1);
      const record = get(id);
      if (record && (idOrArn === id || idOrArn === record.arn)) return record;
      const known = listIds(selectAll.all() as { record: string }[]);
      const sentence =
        controlOperation === undefined
          ? `Memory not found: ${idOrArn}`
          : `Resource not found during ${controlOperation}: Failed to retrieve memory item for ID: ${idOrArn}`;
      throw notFound(`${sentence}. Memories: ${known}`);
    },
    list: () => (selectAll.all() as { record: string }[]).map(read),
    save: (record) =>
      void upsert.run({ id: record.id, name: record.name, record: JSON.stringify(record) }),
    remove: (id) => void deleteById.run({ id }),
  };

  function listIds(rows: readonly { record: string }[]): string {
    return rows.map((row) => read(row).id).join(', ') || 'none';
  }
}
