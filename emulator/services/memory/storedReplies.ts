import type { DatabaseSync } from 'node:sqlite';
import { MAX_REPLIES, type IdempotentInput } from '../../wire/replies.ts';
import { atomically } from './database.ts';

/** Replies to writes with a client token. Each is stored in the transaction of its write. */
export interface StoredReplies {
  /** Returns the stored reply of a repeated token. Otherwise runs the write in a transaction and stores its reply as JSON. */
  once<Output>(
    operation: string,
    input: IdempotentInput & { readonly memoryId: string },
    write: () => Output,
  ): Output;
}

/** Stores the replies in the database, so that a retry after a crash gets the same reply. */
export function createStoredReplies(database: DatabaseSync): StoredReplies {
  const selectByToken = database.prepare(
    `SELECT output FROM replies
     WHERE memory = :memory AND operation = :operation AND token = :token`,
  );
  const insert = database.prepare(
    `INSERT INTO replies (memory, operation, token, output)
     VALUES (:memory, :operation, :token, :output) RETURNING number`,
  );
  const deleteOld = database.prepare('DELETE FROM replies WHERE number <= :number');

  return {
    once(operation, input, write) {
      const { memoryId: memory, clientToken: token } = input;
      if (token === undefined) return atomically(database, write);
      const key = { memory, operation, token };
      return atomically(database, () => {
        const stored = selectByToken.get(key) as { output: string } | undefined;
        if (stored) return JSON.parse(stored.output) as ReturnType<typeof write>;
        const output = write();
        const inserted = insert.get({ ...key, output: JSON.stringify(output) });
        deleteOld.run({ number: Number(inserted?.['number']) - MAX_REPLIES });
        return output;
      });
    },
  };
}
