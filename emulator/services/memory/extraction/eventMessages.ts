import type { PayloadType } from '@aws-sdk/client-bedrock-agentcore';
import type { ConversationMessage } from './extractor.ts';
import { plainText } from './plainText.ts';

/** What was said in an event, of which the payload is JSON. */
export function readMessages({
  payload,
  at,
}: {
  readonly payload: string;
  readonly at: number;
}): ConversationMessage[] {
  return messagesOf(payload).map(({ turn: { role, text } }) => ({ role, text, at }));
}

/** The places in an event's payload where something was said. */
export function findMessageIndexes(payload: string): number[] {
  return messagesOf(payload).map(({ index }) => index);
}

function messagesOf(
  payload: string,
): { readonly index: number; readonly turn: Omit<ConversationMessage, 'at'> }[] {
  return (JSON.parse(payload) as PayloadType[]).flatMap(({ conversational }, index) => {
    const text = plainText(conversational?.content?.text ?? '');
    return conversational && text !== ''
      ? { index, turn: { role: conversational.role!, text } }
      : [];
  });
}
