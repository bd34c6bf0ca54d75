import type {
  ModelEvent,
  ModelUsage,
  ReplyEnd,
} from '../../../../emulator/services/models/modelEvent.ts';

const usage: ModelUsage = {
  inputTokens: 12,
  outputTokens: 3,
  cacheReadTokens: 4,
  cacheWriteTokens: 5,
};

/** The events of a reply: its start, the given ones, and its end. */
export function turn(events: readonly ModelEvent[], end: Partial<ReplyEnd> = {}): ModelEvent[] {
  const { outputTokens: _, ...promptUsage } = usage;
  return [
    { type: 'start', usage: promptUsage },
    ...events,
    { type: 'end', stopReason: 'endTurn', usage, ...end },
  ];
}

/** The events of a text block. */
export function text(...parts: readonly string[]): ModelEvent[] {
  return [
    { type: 'blockStart', block: { type: 'text' } },
    ...parts.map((part) => ({ type: 'text', text: part }) as const),
    { type: 'blockStop' },
  ];
}

/** The events of a tool use, with its arguments in pieces. */
export function toolUse(id: string, name: string, ...pieces: readonly string[]): ModelEvent[] {
  return [
    { type: 'blockStart', block: { type: 'toolUse', id, name } },
    ...pieces.map((json) => ({ type: 'toolInput', json }) as const),
    { type: 'blockStop' },
  ];
}

/** The events of a reasoning block. */
export function reasoning(content: string, signature: string): ModelEvent[] {
  return [
    { type: 'blockStart', block: { type: 'reasoning' } },
    { type: 'reasoning', text: content },
    { type: 'signature', signature },
    { type: 'blockStop' },
  ];
}
