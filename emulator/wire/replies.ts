/** Stored replies to requests with a client token. */
export interface Replies {
  /**
   * Runs the operation, or returns the reply of an earlier request with the same client token. AWS
   * ignores what a repeated request contains. `scope` names the operation and its resource: a token
   * counts only within it.
   */
  once<Output>(
    scope: string,
    input: IdempotentInput,
    answer: () => Output | Promise<Output>,
  ): Promise<Output>;
}

/** An input that a client may send again if it received no reply. */
export interface IdempotentInput {
  readonly clientToken?: string | undefined;
}

/** Limit of stored replies. Clients retry soon. */
export const MAX_REPLIES = 1_000;

/** Stores replies in memory, for operations whose clients do not retry across a restart. */
export function createReplies(): Replies {
  const replies = new Map<string, Promise<unknown>>();
  return {
    async once(scope, { clientToken }, answer) {
      if (clientToken === undefined) return answer();
      const key = `${scope}\n${clientToken}`;
      const earlier = replies.get(key);
      if (earlier) return earlier as ReturnType<typeof answer>;
      const reply = (async () => answer())();
      replies.set(key, reply);
      // An error is not stored, so that the request can be corrected and sent again.
      reply.catch(() => replies.delete(key));
      const [oldest] = replies.keys();
      if (replies.size > MAX_REPLIES && oldest !== undefined) replies.delete(oldest);
      return reply;
    },
  };
}
