import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { CompletionUsage } from 'openai/resources/completions';
import { ModelError, type ModelErrorKind } from '../modelError.ts';
import { NO_USAGE } from '../modelEvent.ts';
import type { BlockStart, ModelEvent, ModelUsage, StopReason } from '../modelEvent.ts';

/** Translates a chat completion, as a server returns it, to the events of a reply. */
export async function* readChatReply(json: object): AsyncGenerator<ModelEvent> {
  const { choices, usage } = json as ChatCompletion;
  const [choice] = choices ?? [];
  if (!choice) throw unreadable('a completion without a choice');
  const { message, finish_reason: finishReason } = choice;
  const calls = message.tool_calls?.map((call, index) => ({ index, ...call }));
  const delta = { ...message, tool_calls: calls };
  yield* readChatEvents([{ choices: [{ delta, finish_reason: finishReason }], usage }]);
}

type Delta = ChatCompletionChunk.Choice.Delta & {
  /** The names that servers other than OpenAI's give to the model's reasoning. */
  readonly reasoning_content?: string | null;
  readonly reasoning?: string | null;
};

/** Translates the events of a stream, as a server of chat completions sends them. */
export async function* readChatEvents(
  events: AsyncIterable<object> | Iterable<object>,
): AsyncGenerator<ModelEvent> {
  const blocks = createBlocks();
  let usage = NO_USAGE;
  let finishReason: string | null = null;
  yield { type: 'start', usage };
  for await (const event of events as AsyncIterable<ChatCompletionChunk & ErrorBody>) {
    if (event.error) throw readError(event);
    if (event.usage) usage = readUsage(event.usage);
    const [choice] = event.choices ?? [];
    if (!choice) continue;
    const delta: Delta = choice.delta ?? {};
    const reasoning = delta.reasoning_content || delta.reasoning;
    if (reasoning) yield* blocks.add({ type: 'reasoning' }, { type: 'reasoning', text: reasoning });
    const text = (delta.content ?? '') + (delta.refusal ?? '');
    if (text !== '') yield* blocks.add({ type: 'text' }, { type: 'text', text });
    for (const call of delta.tool_calls ?? []) yield* blocks.addCall(call);
    finishReason = choice.finish_reason ?? finishReason;
  }
  yield* blocks.close();
  if (finishReason === null) throw unreadable('a stream that ended before its finish_reason');
  const stopReason = STOP_REASONS[finishReason] ?? 'endTurn';
  const calledTools = blocks.calls() > 0 && stopReason === 'endTurn';
  yield { type: 'end', stopReason: calledTools ? 'toolUse' : stopReason, usage };
}

/** Opens and closes blocks, which chat completions do not delimit. */
function createBlocks() {
  let open: string | null = null;
  /** The latest call of each index, which some servers repeat or leave out. */
  const calls = new Map<number, { readonly key: string; readonly id: string | undefined }>();
  let count = 0;

  function* close(): Generator<ModelEvent> {
    if (open !== null) yield { type: 'blockStop' };
    open = null;
  }

  function* enter(key: string, block: BlockStart): Generator<ModelEvent> {
    if (open === key) return;
    yield* close();
    open = key;
    yield { type: 'blockStart', block };
  }

  return {
    close,
    calls: () => count,
    *add(block: BlockStart, delta: ModelEvent): Generator<ModelEvent> {
      yield* enter(block.type, block);
      yield delta;
    },
    *addCall({ index, id, function: call }: ChatCompletionChunk.Choice.Delta.ToolCall) {
      let current = calls.get(index);
      if (!current || (id && id !== current.id)) {
        count += 1;
        current = { key: `call ${count}`, id };
        calls.set(index, current);
      } else if (open !== current.key) throw unreadable('interleaved tool calls');
      yield* enter(current.key, {
        type: 'toolUse',
        id: id || `call_${crypto.randomUUID()}`,
        name: call?.name ?? '',
      });
      const json = call?.arguments ?? '';
      if (json !== '') yield { type: 'toolInput' as const, json };
    },
  };
}

interface ErrorBody {
  readonly error?:
    | {
        readonly type?: string | null;
        readonly code?: string | number | null;
        readonly message?: string;
      }
    | undefined;
}

const ERROR_KINDS: Readonly<Record<string, ModelErrorKind>> = {
  invalid_request_error: 'invalid',
  invalid_api_key: 'authentication',
  authentication_error: 'authentication',
  permission_error: 'accessDenied',
  model_not_found: 'notFound',
  not_found_error: 'notFound',
  rate_limit_exceeded: 'throttled',
  rate_limit_error: 'throttled',
  insufficient_quota: 'throttled',
};

function readError({ error }: ErrorBody): ModelError {
  const { type, code, message = 'The model server returned an error.' } = error ?? {};
  const kind = ERROR_KINDS[code ?? ''] ?? ERROR_KINDS[type ?? ''] ?? 'modelError';
  return new ModelError(kind, message);
}

const STOP_REASONS: Readonly<Record<string, StopReason>> = {
  stop: 'endTurn',
  length: 'maxTokens',
  tool_calls: 'toolUse',
  function_call: 'toolUse',
  content_filter: 'contentFiltered',
};

function readUsage(usage: CompletionUsage): ModelUsage {
  const cacheReadTokens = usage.prompt_tokens_details?.cached_tokens ?? 0;
  return {
    inputTokens: Math.max(0, (usage.prompt_tokens ?? 0) - cacheReadTokens),
    outputTokens: usage.completion_tokens ?? 0,
    cacheReadTokens,
    cacheWriteTokens: 0,
  };
}

function unreadable(problem: string): ModelError {
  return new ModelError('modelError', `The model server returned ${problem}.`);
}
