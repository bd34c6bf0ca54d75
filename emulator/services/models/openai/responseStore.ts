import type { Caller } from '../../../caller.ts';
import type { ModelMessage } from '../modelRequest.ts';
import type { ResponsesReply } from './responsesEvent.ts';
import type { EarlierTurns } from './responsesRequest.ts';

/** A response that later requests of the same session can continue. */
export interface StoredResponse {
  readonly reply: ResponsesReply;
  /** The prompt and the reply. */
  readonly turns: EarlierTurns;
}

/** Keeps responses of each session in memory. */
export interface ResponseStore {
  find(caller: Caller | null, id: string): StoredResponse | undefined;
  add(caller: Caller | null, response: StoredResponse): void;
  remove(caller: Caller | null, id: string): boolean;
}

/** Limits of all responses together. The oldest are forgotten. */
interface StoreLimits {
  readonly responses: number;
  readonly bytes: number;
}

const LIMITS: StoreLimits = { responses: 1000, bytes: 128 * 1024 * 1024 };

export function createResponseStore(limits = LIMITS): ResponseStore {
  const stored = new Map<string, StoredResponse & { readonly size: number }>();
  let total = 0;

  function forget(key: string): boolean {
    total -= stored.get(key)?.size ?? 0;
    return stored.delete(key);
  }

  return {
    find: (caller, id) => stored.get(keyOf(caller, id)),
    add(caller, response) {
      const size = sizeOf(response);
      stored.set(keyOf(caller, response.reply.id), { ...response, size });
      total += size;
      while (stored.size > limits.responses || (total > limits.bytes && stored.size > 1)) {
        forget(stored.keys().next().value!);
      }
    },
    remove: (caller, id) => forget(keyOf(caller, id)),
  };
}

/** External clients share one scope. Agents see only the responses of their own session. */
function keyOf(caller: Caller | null, id: string): string {
  const run = caller?.session()?.run;
  return JSON.stringify([run?.runtimeId ?? null, run?.sessionId ?? null, id]);
}

/** The approximate bytes of a response with its conversation. */
function sizeOf({ reply, turns }: StoredResponse): number {
  const messages = turns.messages.reduce((size, message) => size + sizeOfMessage(message), 0);
  return JSON.stringify([reply, turns.system]).length + messages;
}

function sizeOfMessage({ content }: ModelMessage): number {
  let files = 0;
  const text = JSON.stringify(content, (_, value: unknown) => {
    if (!(value instanceof Uint8Array)) return value;
    files += value.length;
    return null;
  });
  return text.length + files;
}
