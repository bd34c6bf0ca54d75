import type { Tokens } from '../agents/agentRegistry.ts';
import { createEmitter } from '../emitter.ts';

/** Keeps tokens between runs. */
export interface TokenStore {
  get(agent: string): PromiseLike<string | undefined>;
  /** Undefined removes the token. */
  set(agent: string, token: string | undefined): PromiseLike<void>;
}

/** Stores nothing. Tokens last as long as the process. */
export const inMemoryTokens: TokenStore = { get: async () => undefined, set: async () => {} };

/** Caches the tokens of a store, so that a request can be sent without waiting for it. */
export function createTokens(store: TokenStore): Tokens {
  const { subscribe, emit } = createEmitter<string>();
  const cache = new Map<string, string | undefined>();
  return {
    bearer: (agent) => cache.get(agent),
    async load(agent) {
      if (cache.has(agent)) return;
      const token = await store.get(agent);
      if (!cache.has(agent)) cache.set(agent, token);
    },
    save(agent, token) {
      cache.set(agent, token);
      // A token that cannot be stored is requested again after a restart.
      void Promise.resolve(store.set(agent, token)).catch(() => {});
      emit(agent);
    },
    onSave: subscribe,
  };
}
