/** Replies to requests that carry a client token. */
export interface Replies {
  /**
   * Runs the operation, or returns the reply of an earlier request with the same client token. AWS
   * ignores what a repeated request contains. `scope` names the operation and its resource: a token
   * counts only within it.
   */
  once<Output>(scope: string, input: Tokened, answer: () => Output): Promise<Output>;
}

/** A request that a client may send again when it got no reply. */
export interface Tokened {
  readonly clientToken?: string | undefined;
}

/** Number of replies to keep: clients retry soon. */
export const KEPT_REPLIES = 1_000;

/** Keeps replies in memory, for operations whose clients do not retry across a restart. */
export function createReplies(): Replies {
  const replies = new Map<string, unknown>();
  return {
    async once(scope, { clientToken }, answer) {
      if (clientToken === undefined) return answer();
      const key = `${scope}\n${clientToken}`;
      if (replies.has(key)) return replies.get(key) as ReturnType<typeof answer>;
      // An error is not stored, so that the request can be corrected and sent again.
      const output = answer();
      replies.set(key, output);
      const [oldest] = replies.keys();
      if (replies.size > KEPT_REPLIES && oldest !== undefined) replies.delete(oldest);
      return output;
    },
  };
}
