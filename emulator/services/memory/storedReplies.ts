import type { DatabaseSync } from 'node:sqlite';
import { KEPT_REPLIES, type Tokened } from '../../wire/replies.ts';
import { atomically } from './database.ts';

/** Replies to writes with a client token, stored in the same transaction as the write. */
export interface Answers {
  /** Returns the stored reply of a repeated token; otherwise writes, all or nothing. The reply is JSON. */
  once<Output>(
    operation: string,
    input: Tokened & { readonly memoryId: string },
    answer: () => Output,
  ): Output;
}

/** Keeps the replies in a database, so that a retry after the emulator was killed gets the same one. */
export function createAnswers(database: DatabaseSync): Answers {
  const byToken = database.prepare(
    `SELECT output FROM replies
     WHERE memory = :memory AND operation = :operation AND token = :token`,
  );
  const addition = database.prepare(
    `INSERT INTO replies (memory, operation, token, output)
     VALUES (:memory, :operation, :token, :output) RETURNING number`,
  );
  const forgetting = database.prepare('DELETE FROM replies WHERE number <= :number');

  return {
    once(operation, input, answer) {
      const { memoryId: memory, clientToken: token } = input;
      if (token === undefined) return atomically(database, answer);
      const key = { memory, operation, token };
      return atomically(database, () => {
        const earlier = byToken.get(key) as { output: string } | undefined;
        if (earlier) return JSON.parse(earlier.output) as ReturnType<typeof answer>;
        const output = answer();
        const added = addition.get({ ...key, output: JSON.stringify(output) });
        forgetting.run({ number: Number(added?.['number']) - KEPT_REPLIES });
        return output;
      });
    },
  };
}
