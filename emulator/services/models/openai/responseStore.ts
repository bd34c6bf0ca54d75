import type { ModelMessage } from '../modelRequest.ts';
import { createSessionItems, type ItemLimits, type SessionItems } from '../sessionItems.ts';
import type { ResponsesReply } from './responsesEvent.ts';
import type { EarlierTurns } from './responsesRequest.ts';

/** A response that later requests of the same session can continue. */
export interface StoredResponse {
  readonly reply: ResponsesReply;
  /** The prompt and the reply. */
  readonly turns: EarlierTurns;
}

export function createResponseStore(limits?: ItemLimits): SessionItems<StoredResponse> {
  return createSessionItems(sizeOf, limits);
}

/** Returns the approximate size of a response and its conversation in bytes. */
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
