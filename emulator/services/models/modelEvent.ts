import type { ReasoningBlock, ToolUseBlock } from './modelRequest.ts';

/**
 * An event of a model's reply. A reply is a `start`, then blocks one after another, each from its
 * `blockStart` to its `blockStop` with the deltas of its type between them, and then an `end`.
 */
export type ModelEvent =
  | {
      readonly type: 'start';
      /** Prompt tokens that are known before the reply. */
      readonly usage: Pick<ModelUsage, 'inputTokens' | 'cacheReadTokens' | 'cacheWriteTokens'>;
    }
  | { readonly type: 'blockStart'; readonly block: BlockStart }
  /** A delta of a text block. */
  | { readonly type: 'text'; readonly text: string }
  /** Deltas of a reasoning block. */
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'signature'; readonly signature: string }
  /** A part of the arguments of a tool use, as JSON text. */
  | { readonly type: 'toolInput'; readonly json: string }
  | { readonly type: 'blockStop' }
  | ReplyEnd;

export type BlockStart =
  | { readonly type: 'text' }
  | { readonly type: 'reasoning' }
  | { readonly type: 'redactedReasoning'; readonly data: string }
  | { readonly type: 'toolUse'; readonly id: string; readonly name: string };

export interface ReplyEnd {
  readonly type: 'end';
  readonly stopReason: StopReason;
  /** The sequence for the stop reason `stopSequence`. */
  readonly stopSequence?: string | undefined;
  readonly usage: ModelUsage;
}

export type StopReason =
  | 'endTurn'
  | 'toolUse'
  | 'maxTokens'
  | 'stopSequence'
  | 'guardrail'
  | 'contentFiltered'
  | 'refusal'
  | 'pauseTurn'
  | 'contextWindowExceeded';

/** Tokens of a call. `inputTokens` excludes those that were read from the cache or written to it. */
export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

export const NO_USAGE: ModelUsage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
};

/** A complete reply. */
export interface ModelReply {
  readonly content: readonly ReplyBlock[];
  readonly end: ReplyEnd;
}

export type ReplyBlock =
  { readonly type: 'text'; readonly text: string } | ToolUseBlock | ReasoningBlock;

/** Collects the events of a reply. */
export async function collectReply(events: AsyncIterable<ModelEvent>): Promise<ModelReply> {
  let reply: ModelReply | undefined;
  for await (const event of observeReply(events, (whole) => void (reply = whole))) {
    if (event.type === 'end') break;
  }
  if (!reply) throw new Error("The model's reply ended without a stop reason.");
  return reply;
}

/** Forwards the events of a reply. Calls `onReply` with the complete reply before its last event. */
export async function* observeReply(
  events: AsyncIterable<ModelEvent>,
  onReply: (reply: ModelReply) => void,
): AsyncGenerator<ModelEvent> {
  const content: ReplyBlock[] = [];
  let open: BlockStart | undefined;
  let text = '';
  let signature: string | null = null;
  for await (const event of events) {
    switch (event.type) {
      case 'start':
        break;
      case 'blockStart':
        open = event.block;
        text = '';
        signature = null;
        break;
      case 'text':
      case 'reasoning':
        text += event.text;
        break;
      case 'toolInput':
        text += event.json;
        break;
      case 'signature':
        ({ signature } = event);
        break;
      case 'blockStop':
        if (open) content.push(closeBlock(open, text, signature));
        open = undefined;
        break;
      case 'end':
        onReply({ content, end: event });
    }
    yield event;
  }
}

function closeBlock(block: BlockStart, text: string, signature: string | null): ReplyBlock {
  switch (block.type) {
    case 'text':
      return { type: 'text', text };
    case 'reasoning':
      return { type: 'reasoning', text, signature };
    case 'redactedReasoning':
      return block;
    case 'toolUse':
      return { ...block, input: parseArguments(text) };
  }
}

/**
 * Parses the arguments of a call. Models also write invalid JSON, for example when they reach the maximum
 * number of tokens. It stays text.
 */
export function parseArguments(text: string): unknown {
  try {
    return text === '' ? {} : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}
