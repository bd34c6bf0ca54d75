import type {
  ContentBlock,
  ConverseCommandOutput,
  ConverseStreamOutput,
  StopReason as ConverseStopReason,
  TokenUsage,
} from '@aws-sdk/client-bedrock-runtime';
import type { ModelEvent, ModelReply, ModelUsage, ReplyBlock, StopReason } from '../modelEvent.ts';

/** Translates a whole reply to the output of Converse. */
export function writeConverse(
  { content, end }: ModelReply,
  milliseconds: number,
): Omit<ConverseCommandOutput, '$metadata'> {
  return {
    output: { message: { role: 'assistant', content: content.map(writeBlock) } },
    stopReason: STOP_REASONS[end.stopReason],
    usage: writeUsage(end.usage),
    metrics: { latencyMs: Math.round(milliseconds) },
  };
}

/** Translates the events of a reply to those of ConverseStream. Errors become the given ones. */
export async function* writeConverseStream(
  events: AsyncIterable<ModelEvent>,
  toError: (error: unknown) => unknown,
): AsyncGenerator<ConverseStreamOutput> {
  const startedAt = performance.now();
  let contentBlockIndex = 0;
  try {
    for await (const event of events) {
      switch (event.type) {
        case 'start':
          yield { messageStart: { role: 'assistant' } };
          break;
        case 'blockStart':
          if (event.block.type === 'toolUse') {
            const { id: toolUseId, name } = event.block;
            yield {
              contentBlockStart: { start: { toolUse: { toolUseId, name } }, contentBlockIndex },
            };
          }
          if (event.block.type === 'redactedReasoning') {
            const redactedContent = Buffer.from(event.block.data, 'base64');
            const delta = { reasoningContent: { redactedContent } };
            yield { contentBlockDelta: { delta, contentBlockIndex } };
          }
          break;
        case 'text':
          yield { contentBlockDelta: { delta: { text: event.text }, contentBlockIndex } };
          break;
        case 'reasoning': {
          const delta = { reasoningContent: { text: event.text } };
          yield { contentBlockDelta: { delta, contentBlockIndex } };
          break;
        }
        case 'signature': {
          const delta = { reasoningContent: { signature: event.signature } };
          yield { contentBlockDelta: { delta, contentBlockIndex } };
          break;
        }
        case 'toolInput': {
          const delta = { toolUse: { input: event.json } };
          yield { contentBlockDelta: { delta, contentBlockIndex } };
          break;
        }
        case 'blockStop':
          yield { contentBlockStop: { contentBlockIndex } };
          contentBlockIndex += 1;
          break;
        case 'end':
          yield { messageStop: { stopReason: STOP_REASONS[event.stopReason] } };
          yield {
            metadata: {
              usage: writeUsage(event.usage),
              metrics: { latencyMs: Math.round(performance.now() - startedAt) },
            },
          };
      }
    }
  } catch (error) {
    throw toError(error);
  }
}

const STOP_REASONS: Readonly<Record<StopReason, ConverseStopReason>> = {
  endTurn: 'end_turn',
  toolUse: 'tool_use',
  maxTokens: 'max_tokens',
  stopSequence: 'stop_sequence',
  guardrail: 'guardrail_intervened',
  contentFiltered: 'content_filtered',
  refusal: 'content_filtered',
  pauseTurn: 'end_turn',
  contextWindowExceeded: 'model_context_window_exceeded',
};

function writeUsage(usage: ModelUsage): TokenUsage {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  return {
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens,
    cacheReadInputTokens: cacheReadTokens,
    cacheWriteInputTokens: cacheWriteTokens,
  };
}

function writeBlock(block: ReplyBlock): ContentBlock {
  switch (block.type) {
    case 'text':
      return { text: block.text };
    case 'toolUse':
      return {
        toolUse: {
          toolUseId: block.id,
          name: block.name,
          input: block.input as Record<string, never>,
        },
      };
    case 'reasoning': {
      const { text, signature } = block;
      return {
        reasoningContent: { reasoningText: { text, ...(signature !== null && { signature }) } },
      };
    }
    case 'redactedReasoning':
      return { reasoningContent: { redactedContent: Buffer.from(block.data, 'base64') } };
  }
}
