import type { DatabaseSync } from 'node:sqlite';
import { tokenMismatch } from '../../wire/errors.ts';
import { fingerprintOf } from '../../wire/fingerprint.ts';
import { KEPT_REPLIES, type Tokened } from '../../wire/replies.ts';
import { atomically } from './database.ts';

/** What was answered to writes that carry a client token, kept with what they wrote. */
export interface Answers {
  /** The answer that the same request to a memory had, or a new one: JSON, and all of it or nothing. */
  once<Output>(
    operation: string,
    input: Tokened & { readonly memoryId: string },
    answer: () => Output,
  ): Output;
}

/** The answers in a database: whoever tries again after the emulator was killed gets the same. */
export function createAnswers(database: DatabaseSync): Answers {
  const byToken = database.prepare(
    `SELECT request, output FROM answers
     WHERE memory = :memory AND operation = :operation AND token = :token`,
  );
  const addition = database.prepare(
    `INSERT INTO answers (memory, operation, token, request, output)
     VALUES (:memory, :operation, :token, :request, :output) RETURNING number`,
  );
  const forgetting = database.prepare('DELETE FROM answers WHERE number <= :number');

  return {
    once(operation, input, answer) {
      const { memoryId: memory, clientToken: token } = input;
      if (token === undefined) return atomically(database, answer);
      const key = { memory, operation, token };
      const request = fingerprintOf(input);
      return atomically(database, () => {
        const earlier = byToken.get(key) as { request: string; output: string } | undefined;
        if (earlier) {
          if (earlier.request !== request) throw tokenMismatch(token);
          return JSON.parse(earlier.output) as ReturnType<typeof answer>;
        }
        const output = answer();
        const added = addition.get({ ...key, request, output: JSON.stringify(output) });
        forgetting.run({ number: Number(added?.['number']) - KEPT_REPLIES });
        return output;
      });
    },
  };
}
