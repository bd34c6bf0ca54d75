import type { ConversationMessage } from './extractor.ts';

/** Splits messages into chunks of at most `limit` characters. A longer message becomes several. */
export function splitTranscript(
  messages: readonly ConversationMessage[],
  limit: number,
): ConversationMessage[][] {
  const chunks: ConversationMessage[][] = [];
  let length = Infinity;
  for (const message of messages.flatMap((each) => splitMessage(each, limit))) {
    if (length + message.text.length > limit) {
      chunks.push([]);
      length = 0;
    }
    chunks.at(-1)!.push(message);
    length += message.text.length;
  }
  return chunks;
}

function splitMessage(message: ConversationMessage, limit: number): ConversationMessage[] {
  const count = Math.ceil(message.text.length / limit);
  return Array.from({ length: count }, (_, index) => ({
    ...message,
    text: message.text.slice(index * limit, (index + 1) * limit),
  }));
}
