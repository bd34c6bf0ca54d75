import type { ReasoningBlock } from '../modelRequest.ts';

/**
 * Encodes reasoning as the `encrypted_content` of an item, which clients send back unchanged. It is
 * not secret here: it keeps the provider's signature across the protocol.
 */
export function encodeReasoning(block: ReasoningBlock): string {
  return Buffer.from(JSON.stringify(block)).toString('base64');
}

/** Decodes a reasoning item; null if it contains nothing for the model. */
export function decodeReasoning(encrypted: string | null, summary: string): ReasoningBlock | null {
  if (encrypted !== null) {
    try {
      const block = JSON.parse(Buffer.from(encrypted, 'base64').toString()) as ReasoningBlock;
      if (block.type === 'reasoning' || block.type === 'redactedReasoning') return block;
    } catch {
      // Another server encrypted it. Only its summary can be read.
    }
  }
  return summary === '' ? null : { type: 'reasoning', text: summary, signature: null };
}
