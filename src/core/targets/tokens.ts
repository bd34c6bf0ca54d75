import type { AwsRequest, TokenRequest } from '../../shared/targets.ts';
import { createEmitter, subscribeAll } from '../emitter.ts';
import { troubleWith } from './jwt.ts';
import type { Agents } from './targets.ts';

/** Where tokens are kept. */
export interface TokenStore {
  get(agent: string): PromiseLike<string | undefined>;
  /** Undefined forgets it. */
  set(agent: string, token: string | undefined): PromiseLike<void>;
}

/** The tokens by which agents are called that take no signatures. */
export interface Tokens {
  /** The one for an agent, if there is one. */
  bearer(agent: string): string | undefined;
  /**
   * The same agents for one chat, which is asked for a token where one is wanted, and whose turn waits
   * for it.
   */
  guard(agents: Agents): Agents;
}

/** Keeps tokens, and asks for them once. */
export function createTokens(store: TokenStore, now: () => number): Tokens {
  const known = new Map<string, string | undefined>();
  /** The calls that wait for the token of an agent, whichever chat they are of. */
  const waiting = new Map<string, Set<() => void>>();

  function keep(agent: string, token: string | undefined): void {
    known.set(agent, token);
    // What is not kept is asked for again, and that is all.
    void Promise.resolve(store.set(agent, token)).catch(() => {});
  }

  async function load(agent: string): Promise<void> {
    if (!known.has(agent)) known.set(agent, await store.get(agent));
  }

  /** What is wrong with the token that was sent, or with there having been none; null for other errors. */
  function whyOf(error: unknown, agent: string): string | null {
    const { message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode;
    const token = known.get(agent);
    const isAboutTokens =
      status === 401 ||
      (status === 403 &&
        (token !== undefined || message.includes('Authorization method mismatch')));
    if (!isAboutTokens) return null;
    const trouble = token === undefined ? null : troubleWith(token, now());
    return trouble === null ? message : `${trouble} ${message}`;
  }

  return {
    bearer: (agent) => known.get(agent),
    guard({ source, invoke, tools, sessions }) {
      const { subscribe, emit } = createEmitter();
      /** What each call of the chat that waits wants. */
      const wanted = new Map<() => void, TokenRequest>();

      /** Resolves once the user has said which token to send, or that there is none to send. */
      function want(agent: string, why: string | null, signal: AbortSignal): Promise<void> {
        return new Promise((resolve, reject) => {
          const calls = waiting.get(agent) ?? new Set();
          const done = (settle: () => void) => {
            signal.removeEventListener('abort', abandon);
            calls.delete(give);
            wanted.delete(give);
            emit();
            settle();
          };
          const abandon = () => done(() => reject(signal.reason as Error));
          const give = () => done(resolve);
          if (signal.aborted) return abandon();
          signal.addEventListener('abort', abandon);
          waiting.set(agent, calls.add(give));
          wanted.set(give, { agent, why });
          emit();
        });
      }

      async function withToken<Value>(
        agent: string,
        signal: AbortSignal,
        call: () => Promise<Value>,
      ): Promise<Value> {
        await load(agent);
        const { deployment } = source.now().agents.find(({ id }) => id === agent) ?? {};
        if (deployment?.authorization === 'token' && known.get(agent) === undefined) {
          await want(agent, null, signal);
        }
        for (;;) {
          try {
            return await call();
          } catch (error) {
            const why = signal.aborted ? null : whyOf(error, agent);
            if (why === null) throw error;
            await want(agent, why, signal);
          }
        }
      }

      return {
        sessions,
        invoke: (prompt, signal) => withToken(prompt.agent, signal, () => invoke(prompt, signal)),
        tools: (place, signal) => withToken(place.agent, signal, () => tools(place, signal)),
        source: {
          ...source,
          now: () => ({ ...source.now(), tokenRequests: oneForEach(wanted.values()) }),
          onChange: subscribeAll(subscribe, source.onChange),
          ...(source.aws && {
            aws(request: AwsRequest) {
              source.aws!(request);
              if (request.type === 'removeTarget') keep(request.agent, undefined);
            },
          }),
          giveToken(agent, token) {
            const asked = [...wanted].filter(([, one]) => one.agent === agent);
            if (asked.length === 0) return;
            const said = token === null || token === '' ? undefined : token;
            const why = said === undefined ? null : troubleWith(said, now());
            if (why !== null) {
              for (const [give] of asked) wanted.set(give, { agent, why });
              return emit();
            }
            keep(agent, said);
            for (const give of waiting.get(agent) ?? []) give();
          },
        },
      };
    },
  };
}

/** Calls of one agent wait for one token. */
function oneForEach(wanted: Iterable<TokenRequest>): readonly TokenRequest[] {
  return [...new Map(Array.from(wanted, (one) => [one.agent, one])).values()];
}

/** Keeps tokens for as long as this process lives. */
export function forgetfulStore(): TokenStore {
  return { get: async () => undefined, set: async () => {} };
}
