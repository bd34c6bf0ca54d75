import type {
  ContentBlock,
  Message,
  RawContentBlockDelta,
  RawContentBlockStartEvent,
  RawMessageDeltaEvent,
  RawMessageStreamEvent,
  RefusalStopDetails,
  StopReason as AnthropicStopReason,
  Usage,
} from '@anthropic-ai/sdk/resources/messages';
import type {
  BlockStart,
  ModelEvent,
  ModelReply,
  ModelUsage,
  ReplyBlock,
  ReplyEnd,
  StopReason,
} from '../modelEvent.ts';

/** The fields of a message that do not come from the model. */
export interface AnthropicReplyInfo {
  readonly id: string;
  readonly model: string;
}

/** An event of a stream as its API sends it. */
export type AnthropicEvent = RawMessageStreamEvent | { readonly type: 'ping' };

/** Translates a complete reply to a message. */
export function writeAnthropicReply(
  { content, end }: ModelReply,
  info: AnthropicReplyInfo,
): Message {
  return {
    ...emptyMessage(info),
    content: content.map(writeBlock),
    stop_reason: STOP_REASONS[end.stopReason],
    stop_sequence: end.stopSequence ?? null,
    stop_details: writeStopDetails(end),
    usage: writeUsage(end.usage),
  };
}

/** Translates the events of a reply to those of a stream. */
export async function* writeAnthropicEvents(
  events: AsyncIterable<ModelEvent>,
  info: AnthropicReplyInfo,
): AsyncGenerator<AnthropicEvent> {
  let index = 0;
  const delta = (content: RawContentBlockDelta): AnthropicEvent => ({
    type: 'content_block_delta',
    index,
    delta: content,
  });
  for await (const event of events) {
    switch (event.type) {
      case 'start':
        yield {
          type: 'message_start',
          message: {
            ...emptyMessage(info),
            usage: writeUsage({ ...event.usage, outputTokens: 0 }),
          },
        };
        yield { type: 'ping' };
        break;
      case 'blockStart':
        yield { type: 'content_block_start', index, content_block: writeBlockStart(event.block) };
        break;
      case 'text':
        yield delta({ type: 'text_delta', text: event.text });
        break;
      case 'reasoning':
        yield delta({ type: 'thinking_delta', thinking: event.text });
        break;
      case 'signature':
        yield delta({ type: 'signature_delta', signature: event.signature });
        break;
      case 'toolInput':
        yield delta({ type: 'input_json_delta', partial_json: event.json });
        break;
      case 'blockStop':
        yield { type: 'content_block_stop', index };
        index += 1;
        break;
      case 'end':
        yield writeEnd(event);
        yield { type: 'message_stop' };
    }
  }
}

function writeEnd(end: ReplyEnd): RawMessageDeltaEvent {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = end.usage;
  return {
    type: 'message_delta',
    delta: {
      container: null,
      stop_reason: STOP_REASONS[end.stopReason],
      stop_sequence: end.stopSequence ?? null,
      stop_details: writeStopDetails(end),
    },
    usage: {
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      cache_creation_input_tokens: cacheWriteTokens,
      cache_read_input_tokens: cacheReadTokens,
      output_tokens_details: null,
      server_tool_use: null,
    },
  };
}

const STOP_REASONS: Readonly<Record<StopReason, AnthropicStopReason>> = {
  endTurn: 'end_turn',
  toolUse: 'tool_use',
  maxTokens: 'max_tokens',
  stopSequence: 'stop_sequence',
  guardrail: 'refusal',
  contentFiltered: 'refusal',
  refusal: 'refusal',
  pauseTurn: 'pause_turn',
  contextWindowExceeded: 'model_context_window_exceeded',
};

const EXPLANATIONS: Readonly<Partial<Record<StopReason, string | null>>> = {
  guardrail: 'A guardrail intervened.',
  contentFiltered: 'The reply was filtered.',
  refusal: null,
};

function writeStopDetails({ stopReason }: ReplyEnd): RefusalStopDetails | null {
  const explanation = EXPLANATIONS[stopReason];
  return explanation === undefined ? null : { type: 'refusal', category: null, explanation };
}

function emptyMessage({ id, model }: AnthropicReplyInfo): Omit<Message, 'usage'> {
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
  };
}

function writeUsage(usage: ModelUsage): Usage {
  return {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cache_creation_input_tokens: usage.cacheWriteTokens,
    cache_read_input_tokens: usage.cacheReadTokens,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWriteTokens,
      ephemeral_1h_input_tokens: 0,
    },
    inference_geo: null,
    output_tokens_details: null,
    server_tool_use: null,
    service_tier: 'standard',
    speed: null,
  };
}

function writeBlock(block: ReplyBlock): ContentBlock {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: block.text, citations: null };
    case 'toolUse': {
      const { id, name, input } = block;
      return { type: 'tool_use', id, name, input, caller: { type: 'direct' } };
    }
    case 'reasoning':
      return { type: 'thinking', thinking: block.text, signature: block.signature ?? '' };
    case 'redactedReasoning':
      return { type: 'redacted_thinking', data: block.data };
  }
}

function writeBlockStart(block: BlockStart): RawContentBlockStartEvent['content_block'] {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: '', citations: null };
    case 'toolUse': {
      const { id, name } = block;
      return { type: 'tool_use', id, name, input: {}, caller: { type: 'direct' } };
    }
    case 'reasoning':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'redactedReasoning':
      return { type: 'redacted_thinking', data: block.data };
  }
}
