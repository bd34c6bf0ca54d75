import { isDeepStrictEqual } from 'node:util';
import { tokenMismatch } from './errors.ts';

/** What was answered to requests that carry a client token, so that one sent twice is done once. */
export interface Replies {
  /** The answer that the same request had, or a new one. */
  once<Output>(operation: string, input: Tokened, answer: () => Output): Promise<Output>;
}

/** A request that a client may send again when it has not heard the answer. */
interface Tokened {
  readonly clientToken?: string | undefined;
}

/** How many answers are kept: a client that tries again does so soon. */
const KEPT = 1_000;

/** Nothing has been answered yet. It is forgotten with the emulator: so is whoever would try again. */
export function createReplies(): Replies {
  const replies = new Map<string, { readonly input: Tokened; readonly output: unknown }>();
  return {
    async once(operation, input, answer) {
      if (input.clientToken === undefined) return answer();
      const key = `${operation}\n${input.clientToken}`;
      const earlier = replies.get(key);
      if (earlier) {
        if (!isDeepStrictEqual(earlier.input, input)) throw tokenMismatch(input.clientToken);
        return earlier.output as ReturnType<typeof answer>;
      }
      // What is refused, by an error, may be asked for again.
      const output = answer();
      replies.set(key, { input, output });
      const [oldest] = replies.keys();
      if (replies.size > KEPT && oldest !== undefined) replies.delete(oldest);
      return output;
    },
  };
}
