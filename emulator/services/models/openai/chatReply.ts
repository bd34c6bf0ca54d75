import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionMessageToolCall,
} from 'openai/resources/chat/completions';
import type { CompletionUsage } from 'openai/resources/completions';
import type { ModelEvent, ModelReply, ModelUsage, StopReason } from '../modelEvent.ts';
import { writeArguments } from './contentParts.ts';
import { REFUSAL } from './refusal.ts';

/** The fields of a completion that do not come from the model. */
export interface ChatReplyInfo {
  readonly id: string;
  readonly model: string;
  /** Unix time in seconds. */
  readonly created: number;
  /** True if the last event of a stream must contain the usage. */
  readonly includeUsage?: boolean | undefined;
}

/** Translates a complete reply to a chat completion. */
export function writeChatReply(
  { content, end }: ModelReply,
  { id, model, created }: ChatReplyInfo,
): ChatCompletion {
  const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  const calls = content.flatMap((block): ChatCompletionMessageToolCall[] =>
    block.type === 'toolUse'
      ? [
          {
            id: block.id,
            type: 'function',
            function: { name: block.name, arguments: writeArguments(block.input) },
          },
        ]
      : [],
  );
  return {
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' && (calls.length > 0 || end.stopReason === 'refusal') ? null : text,
          refusal: end.stopReason === 'refusal' ? REFUSAL : null,
          annotations: [],
          ...(calls.length > 0 && { tool_calls: calls }),
        },
        logprobs: null,
        finish_reason: FINISH_REASONS[end.stopReason],
      },
    ],
    usage: writeChatUsage(end.usage),
    service_tier: 'default',
  };
}

/** Translates the events of a reply to those of a stream. */
export async function* writeChatEvents(
  events: AsyncIterable<ModelEvent>,
  { id, model, created, includeUsage = false }: ChatReplyInfo,
): AsyncGenerator<ChatCompletionChunk> {
  type Choice = ChatCompletionChunk.Choice;
  const base = { id, object: 'chat.completion.chunk' as const, created, model };
  const chunk = (
    delta: Choice['delta'],
    finishReason: Choice['finish_reason'] = null,
  ): ChatCompletionChunk => ({
    ...base,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    service_tier: 'default',
    ...(includeUsage && { usage: null }),
  });
  let call = -1;
  let hasArguments = true;
  const callArguments = (json: string) =>
    chunk({ tool_calls: [{ index: call, function: { arguments: json } }] });

  for await (const event of events) {
    switch (event.type) {
      case 'start':
        yield chunk({ role: 'assistant', content: '', refusal: null });
        break;
      case 'blockStart': {
        if (event.block.type !== 'toolUse') break;
        const { id: callId, name } = event.block;
        call += 1;
        hasArguments = false;
        const start = { id: callId, type: 'function' as const, function: { name, arguments: '' } };
        yield chunk({ tool_calls: [{ index: call, ...start }] });
        break;
      }
      case 'text':
        yield chunk({ content: event.text });
        break;
      case 'toolInput':
        hasArguments ||= event.json !== '';
        yield callArguments(event.json);
        break;
      case 'blockStop':
        // Clients parse the arguments, and empty text is not JSON.
        if (!hasArguments) yield callArguments('{}');
        hasArguments = true;
        break;
      case 'reasoning':
      case 'signature':
        // Chat completions do not contain the model's reasoning.
        break;
      case 'end':
        if (event.stopReason === 'refusal') yield chunk({ refusal: REFUSAL });
        yield chunk({}, FINISH_REASONS[event.stopReason]);
        if (includeUsage) yield { ...base, choices: [], usage: writeChatUsage(event.usage) };
    }
  }
}

const FINISH_REASONS: Readonly<Record<StopReason, ChatCompletion.Choice['finish_reason']>> = {
  endTurn: 'stop',
  toolUse: 'tool_calls',
  maxTokens: 'length',
  stopSequence: 'stop',
  guardrail: 'content_filter',
  contentFiltered: 'content_filter',
  refusal: 'stop',
  pauseTurn: 'stop',
  contextWindowExceeded: 'length',
};

function writeChatUsage(usage: ModelUsage): CompletionUsage {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  const promptTokens = inputTokens + cacheReadTokens + cacheWriteTokens;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: outputTokens,
    total_tokens: promptTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cacheReadTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
