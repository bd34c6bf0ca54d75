import type {
  Message,
  MessageDeltaUsage,
  RawContentBlockStartEvent,
  RawMessageStreamEvent,
  Usage,
} from '@anthropic-ai/sdk/resources/messages';
import { ModelError, type ModelErrorKind } from '../modelError.ts';
import { NO_USAGE } from '../modelEvent.ts';
import type { BlockStart, ModelEvent, ModelUsage, ReplyEnd, StopReason } from '../modelEvent.ts';

/** Translates a message, as Anthropic's API returns it, to the events of a reply. */
export async function* readAnthropicReply(json: object): AsyncGenerator<ModelEvent> {
  const message = json as Message;
  if (!Array.isArray(message.content)) throw unreadable('a message without content');
  const usage = readUsage(message.usage);
  yield { type: 'start', usage };
  for (const block of message.content) {
    const start = readBlockStart(block);
    if (!start) continue;
    yield { type: 'blockStart', block: start };
    if (block.type === 'text') yield { type: 'text', text: block.text };
    if (block.type === 'thinking') {
      yield { type: 'reasoning', text: block.thinking };
      yield { type: 'signature', signature: block.signature };
    }
    if (block.type === 'tool_use') yield { type: 'toolInput', json: JSON.stringify(block.input) };
    yield { type: 'blockStop' };
  }
  yield {
    type: 'end',
    stopReason: readStopReason(message.stop_reason),
    stopSequence: message.stop_sequence ?? undefined,
    usage,
  };
}

/** Translates the events of a stream, as Anthropic's API sends them. */
export async function* readAnthropicEvents(
  events: AsyncIterable<object>,
): AsyncGenerator<ModelEvent> {
  let usage = readUsage(undefined);
  let isOpen = false;
  let end: ReplyEnd | undefined;
  for await (const event of events as AsyncIterable<RawMessageStreamEvent | ErrorEvent>) {
    switch (event.type) {
      case 'message_start':
        usage = readUsage(event.message.usage);
        yield { type: 'start', usage };
        break;
      case 'content_block_start': {
        const block = readBlockStart(event.content_block);
        isOpen = block !== null;
        if (block) yield { type: 'blockStart', block };
        break;
      }
      case 'content_block_delta':
        // Deltas of blocks that only Anthropic's servers use are left out with their block.
        if (isOpen) yield* readDelta(event.delta);
        break;
      case 'content_block_stop':
        if (isOpen) yield { type: 'blockStop' };
        isOpen = false;
        break;
      case 'message_delta':
        // A message may have several, of which the last has the final usage.
        usage = readUsage(event.usage, usage);
        end = {
          type: 'end',
          stopReason: readStopReason(event.delta.stop_reason),
          stopSequence: event.delta.stop_sequence ?? undefined,
          usage,
        };
        break;
      case 'error':
        throw readError(event);
      case 'message_stop':
        if (end) return yield end;
    }
  }
  throw unreadable('a stream that ended before its message_stop');
}

interface ErrorEvent {
  readonly type: 'error';
  readonly error?: { readonly type?: string; readonly message?: string };
}

const ERROR_KINDS: Readonly<Record<string, ModelErrorKind>> = {
  invalid_request_error: 'invalid',
  authentication_error: 'authentication',
  permission_error: 'accessDenied',
  billing_error: 'accessDenied',
  not_found_error: 'notFound',
  request_too_large: 'tooLarge',
  rate_limit_error: 'throttled',
  timeout_error: 'timeout',
  overloaded_error: 'unavailable',
};

function readError({ error = {} }: ErrorEvent): ModelError {
  const { type = 'api_error', message = 'Anthropic returned an error.' } = error;
  return new ModelError(ERROR_KINDS[type] ?? 'modelError', message);
}

function* readDelta(
  delta: Extract<RawMessageStreamEvent, { type: 'content_block_delta' }>['delta'],
): Generator<ModelEvent> {
  switch (delta.type) {
    case 'text_delta':
      yield { type: 'text', text: delta.text };
      break;
    case 'thinking_delta':
      yield { type: 'reasoning', text: delta.thinking };
      break;
    case 'signature_delta':
      yield { type: 'signature', signature: delta.signature };
      break;
    case 'input_json_delta':
      yield { type: 'toolInput', json: delta.partial_json };
      break;
    case 'citations_delta':
      break;
  }
}

function readBlockStart(block: RawContentBlockStartEvent['content_block']): BlockStart | null {
  if (block.type === 'text') return { type: 'text' };
  if (block.type === 'thinking') return { type: 'reasoning' };
  if (block.type === 'redacted_thinking') return { type: 'redactedReasoning', data: block.data };
  if (block.type === 'tool_use') return { type: 'toolUse', id: block.id, name: block.name };
  return null;
}

const STOP_REASONS: Readonly<Record<string, StopReason>> = {
  end_turn: 'endTurn',
  max_tokens: 'maxTokens',
  stop_sequence: 'stopSequence',
  tool_use: 'toolUse',
  pause_turn: 'pauseTurn',
  refusal: 'refusal',
  model_context_window_exceeded: 'contextWindowExceeded',
};

function readStopReason(reason: string | null): StopReason {
  return STOP_REASONS[reason ?? ''] ?? 'endTurn';
}

function readUsage(
  usage: Usage | MessageDeltaUsage | undefined,
  earlier: ModelUsage = NO_USAGE,
): ModelUsage {
  return {
    inputTokens: usage?.input_tokens ?? earlier.inputTokens,
    outputTokens: usage?.output_tokens ?? earlier.outputTokens,
    cacheReadTokens: usage?.cache_read_input_tokens ?? earlier.cacheReadTokens,
    cacheWriteTokens: usage?.cache_creation_input_tokens ?? earlier.cacheWriteTokens,
  };
}

function unreadable(problem: string): ModelError {
  return new ModelError('modelError', `The model server returned ${problem}.`);
}
