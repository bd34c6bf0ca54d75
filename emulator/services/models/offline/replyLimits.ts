import type { ReplyBlock } from '../modelEvent.ts';
import type { ModelRequest } from '../modelRequest.ts';
import type { OfflineReply } from './offlineReply.ts';
import { countBlock, splitTokens } from './tokenEstimate.ts';

/** Ends a reply at the first stop sequence or at the maximum number of tokens. */
export function limitReply(
  reply: OfflineReply,
  { stopSequences, maxTokens }: Pick<ModelRequest, 'stopSequences' | 'maxTokens'>,
): OfflineReply {
  const stopped = cutAtStopSequence(reply, stopSequences);
  return maxTokens === undefined ? stopped : cutAtTokens(stopped, maxTokens);
}

function cutAtStopSequence(reply: OfflineReply, sequences: readonly string[]): OfflineReply {
  for (const [index, block] of reply.content.entries()) {
    if (block.type !== 'text') continue;
    const found = sequences
      .filter((sequence) => sequence !== '' && block.text.includes(sequence))
      .map((sequence) => ({ sequence, position: block.text.indexOf(sequence) }))
      .toSorted((a, b) => a.position - b.position)[0];
    if (!found) continue;
    const text = block.text.slice(0, found.position);
    const content = [
      ...reply.content.slice(0, index),
      ...(text === '' ? [] : [{ ...block, text }]),
    ];
    return { content, stopReason: 'stopSequence', stopSequence: found.sequence };
  }
  return reply;
}

/** Ends a reply after a number of tokens. A call of a tool that does not fit is left out. */
export function cutAtTokens(reply: OfflineReply, maxTokens: number): OfflineReply {
  let left = maxTokens;
  const content: ReplyBlock[] = [];
  for (const block of reply.content) {
    const tokens = countBlock(block);
    if (tokens > left) {
      if ('text' in block && left > 0) {
        content.push({ ...block, text: splitTokens(block.text).slice(0, left).join('') });
      }
      return { content, stopReason: 'maxTokens' };
    }
    content.push(block);
    left -= tokens;
  }
  return reply;
}

export function countReply({ content }: OfflineReply): number {
  return content.reduce((sum, block) => sum + countBlock(block), 0);
}
