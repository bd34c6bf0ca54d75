import type { TokenRequest } from '../../../shared/chat/source.ts';
import type { Tokens } from '../../agents/agentRegistry.ts';
import { createEmitter, type Subscribe } from '../../emitter.ts';
import { explainInvalidToken } from '../../targets/jwt.ts';

/** Lets the calls of one chat wait until the user has entered the token that they need. */
export interface TokenGate {
  /** Runs a call, and runs it again with a new token if the agent rejects the last one. */
  run<Value>(call: GatedCall<Value>, signal: AbortSignal): Promise<Value>;
  /** One request per agent. */
  requests(): readonly TokenRequest[];
  readonly onChange: Subscribe;
  /** The user's answer to a request; null or empty to send no token. */
  answer(agent: string, token: string | null): void;
  close(): void;
}

/** A call of an agent that may need a token. */
export interface GatedCall<Value> {
  readonly agent: string;
  /** True if the agent is known to accept only tokens. */
  readonly needsToken: boolean;
  readonly send: () => Promise<Value>;
}

/** Creates the gate of a chat. A token that another chat saves also resumes its calls. */
export function createTokenGate(tokens: Tokens, now: () => number): TokenGate {
  const { subscribe, emit } = createEmitter();
  /** Requests of waiting calls, by the function that resumes the call. */
  const waiting = new Map<() => void, TokenRequest>();

  const unsubscribe = tokens.onSave((agent) => {
    for (const [resume, request] of waiting) if (request.agent === agent) resume();
  });

  function wait(agent: string, why: string | null, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void) => {
        signal.removeEventListener('abort', abandon);
        waiting.delete(resume);
        emit();
        settle();
      };
      const abandon = () => finish(() => reject(signal.reason as Error));
      const resume = () => finish(resolve);
      if (signal.aborted) return abandon();
      signal.addEventListener('abort', abandon);
      waiting.set(resume, { agent, why });
      emit();
    });
  }

  /** Explains a rejection that a token may resolve; null for other errors. */
  function explainRejection(error: unknown, agent: string): string | null {
    const { message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode;
    const token = tokens.bearer(agent);
    const isAboutTokens =
      status === 401 ||
      (status === 403 &&
        (token !== undefined || message.includes('Authorization method mismatch')));
    if (!isAboutTokens) return null;
    const invalid = token === undefined ? null : explainInvalidToken(token, now());
    return invalid === null ? message : `${invalid} ${message}`;
  }

  return {
    async run({ agent, needsToken, send }, signal) {
      await tokens.load(agent);
      if (needsToken && tokens.bearer(agent) === undefined) await wait(agent, null, signal);
      for (;;) {
        try {
          return await send();
        } catch (error) {
          const why = signal.aborted ? null : explainRejection(error, agent);
          if (why === null) throw error;
          await wait(agent, why, signal);
        }
      }
    },
    requests: () => [
      ...new Map(Array.from(waiting.values(), (request) => [request.agent, request])).values(),
    ],
    onChange: subscribe,
    answer(agent, token) {
      const asked = [...waiting].filter(([, request]) => request.agent === agent);
      if (asked.length === 0) return;
      const entered = token === null || token === '' ? undefined : token;
      const why = entered === undefined ? null : explainInvalidToken(entered, now());
      if (why === null) return tokens.save(agent, entered);
      for (const [resume] of asked) waiting.set(resume, { agent, why });
      emit();
    },
    close: unsubscribe,
  };
}
