import { tokenMismatch } from './errors.ts';
import { fingerprintOf } from './fingerprint.ts';

/** What was answered to requests that carry a client token, so that one sent twice is done once. */
export interface Replies {
  /**
   * The answer that the same request had, or a new one. `deed` is what is done and to what: of
   * another thing the same token is another.
   */
  once<Output>(deed: string, input: Tokened, answer: () => Output): Promise<Output>;
}

/** A request that a client may send again when it has not heard the answer. */
export interface Tokened {
  readonly clientToken?: string | undefined;
}

/** How many answers are kept: a client that tries again does so soon. */
export const KEPT_REPLIES = 1_000;

/** Nothing has been answered yet. It is forgotten with the emulator: so is whoever would try again. */
export function createReplies(): Replies {
  const replies = new Map<string, { readonly request: string; readonly output: unknown }>();
  return {
    async once(deed, input, answer) {
      if (input.clientToken === undefined) return answer();
      const key = `${deed}\n${input.clientToken}`;
      const request = fingerprintOf(input);
      const earlier = replies.get(key);
      if (earlier) {
        if (earlier.request !== request) throw tokenMismatch(input.clientToken);
        return earlier.output as ReturnType<typeof answer>;
      }
      // What is refused, by an error, may be asked for again.
      const output = answer();
      replies.set(key, { request, output });
      const [oldest] = replies.keys();
      if (replies.size > KEPT_REPLIES && oldest !== undefined) replies.delete(oldest);
      return output;
    },
  };
}
