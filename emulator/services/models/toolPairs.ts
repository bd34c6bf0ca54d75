import type { ModelMessage } from './modelRequest.ts';

/** A tool call without its result, or a result without its call. */
export interface UnpairedTool {
  readonly type: 'call' | 'result';
  readonly id: string;
  /** The index of its message. */
  readonly message: number;
}

/**
 * Finds the first tool call whose result is not in the next message, or result whose call is not in the
 * previous one. All providers refuse such a conversation.
 */
export function findUnpairedTool(messages: readonly ModelMessage[]): UnpairedTool | undefined {
  let calls: readonly string[] = [];
  for (const [message, { role, content }] of messages.entries()) {
    const results = content.flatMap((block) => (block.type === 'toolResult' ? [block.id] : []));
    const answered = role === 'user' ? calls : [];
    const result = results.find((id) => !answered.includes(id));
    if (result !== undefined) return { type: 'result', id: result, message };
    const call = calls.find((id) => !results.includes(id));
    if (call !== undefined) return { type: 'call', id: call, message: message - 1 };
    calls = content.flatMap((block) => (block.type === 'toolUse' ? [block.id] : []));
  }
  const [call] = calls;
  return call === undefined ? undefined : { type: 'call', id: call, message: messages.length - 1 };
}
