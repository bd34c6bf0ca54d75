import type { PayloadType } from '@aws-sdk/client-bedrock-agentcore';
import type { ConversationMessage } from './extractor.ts';
import { plainText } from './plainText.ts';

/** Returns the messages of an event. The payload is JSON. */
export function readMessages({
  payload,
  at,
}: {
  readonly payload: string;
  readonly at: number;
}): ConversationMessage[] {
  return parseMessages(payload).map(({ message: { role, text } }) => ({ role, text, at }));
}

/** Returns the indexes of the messages in an event's payload. */
export function findMessageIndexes(payload: string): number[] {
  return parseMessages(payload).map(({ index }) => index);
}

function parseMessages(
  payload: string,
): { readonly index: number; readonly message: Omit<ConversationMessage, 'at'> }[] {
  return (JSON.parse(payload) as PayloadType[]).flatMap(({ conversational }, index) => {
    const text = plainText(conversational?.content?.text ?? '');
    return conversational && text !== ''
      ? { index, message: { role: conversational.role!, text } }
      : [];
  });
}
