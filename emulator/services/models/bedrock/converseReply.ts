import type {
  ContentBlock,
  ConverseCommandOutput,
  StopReason as ConverseStopReason,
  TokenUsage,
} from '@aws-sdk/client-bedrock-runtime';
import type { ModelReply, ModelUsage, ReplyBlock, StopReason } from '../modelEvent.ts';
import type { ConverseInput } from './converseRequest.ts';
import { traceGuardrail } from './guardrailTrace.ts';

/** Translates a complete reply to the output of Converse. */
export function writeConverse(
  { content, end }: ModelReply,
  input: ConverseInput,
  milliseconds: number,
): Omit<ConverseCommandOutput, '$metadata'> {
  return {
    output: { message: { role: 'assistant', content: content.map(writeBlock) } },
    stopReason: STOP_REASONS[end.stopReason],
    usage: writeUsage(end.usage),
    metrics: { latencyMs: Math.round(milliseconds) },
    ...writeService(input, end.stopReason),
  };
}

/** Writes the members that depend on the request's settings: trace, performance and service tier. */
export function writeService(
  { guardrailConfig, performanceConfig, serviceTier }: ConverseInput,
  stopReason: StopReason,
): Pick<ConverseCommandOutput, 'trace' | 'performanceConfig' | 'serviceTier'> {
  const guardrail = traceGuardrail(guardrailConfig, stopReason);
  return {
    ...(guardrail && { trace: { guardrail } }),
    ...(performanceConfig && { performanceConfig }),
    ...(serviceTier && { serviceTier }),
  };
}

export const STOP_REASONS: Readonly<Record<StopReason, ConverseStopReason>> = {
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

export function writeUsage(usage: ModelUsage): TokenUsage {
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
    case 'toolUse': {
      const { id: toolUseId, name } = block;
      return { toolUse: { toolUseId, name, input: block.input as Record<string, never> } };
    }
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
