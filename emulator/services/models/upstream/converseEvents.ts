import type {
  ConverseStreamOutput,
  StopReason as ConverseStopReason,
  TokenUsage,
} from '@aws-sdk/client-bedrock-runtime';
import { ModelError } from '../modelError.ts';
import type { BlockStart, ModelEvent, ModelUsage, StopReason } from '../modelEvent.ts';

/** Translates the events of ConverseStream. */
export async function* fromConverseEvents(
  events: AsyncIterable<ConverseStreamOutput>,
): AsyncGenerator<ModelEvent> {
  let stopReason: StopReason | undefined;
  let isOpen = false;

  /** Bedrock sends a start event only for tool blocks. Other blocks start with their first delta. */
  function open(block: BlockStart): ModelEvent[] {
    if (isOpen) return [];
    isOpen = true;
    return [{ type: 'blockStart', block }];
  }

  yield { type: 'start', usage: { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 } };
  for await (const event of events) {
    if (event.contentBlockStart?.start?.toolUse) {
      const { toolUseId: id = '', name = '' } = event.contentBlockStart.start.toolUse;
      yield* open({ type: 'toolUse', id, name });
    }
    const delta = event.contentBlockDelta?.delta;
    if (delta?.text !== undefined) {
      yield* open({ type: 'text' });
      yield { type: 'text', text: delta.text };
    }
    if (delta?.toolUse) yield { type: 'toolInput', json: delta.toolUse.input ?? '' };
    const reasoning = delta?.reasoningContent;
    if (reasoning?.redactedContent) {
      const data = Buffer.from(reasoning.redactedContent).toString('base64');
      yield* open({ type: 'redactedReasoning', data });
    } else if (reasoning) {
      yield* open({ type: 'reasoning' });
      if (reasoning.text !== undefined) yield { type: 'reasoning', text: reasoning.text };
      if (reasoning.signature !== undefined) {
        yield { type: 'signature', signature: reasoning.signature };
      }
    }
    if (event.contentBlockStop && isOpen) {
      isOpen = false;
      yield { type: 'blockStop' };
    }
    if (event.messageStop) stopReason = STOP_REASONS[event.messageStop.stopReason!] ?? 'endTurn';
    if (event.metadata && stopReason) {
      return yield { type: 'end', stopReason, usage: readUsage(event.metadata.usage) };
    }
  }
  throw new ModelError('unavailable', 'Bedrock ended its reply early.');
}

const STOP_REASONS: Readonly<Partial<Record<ConverseStopReason, StopReason>>> = {
  end_turn: 'endTurn',
  tool_use: 'toolUse',
  max_tokens: 'maxTokens',
  stop_sequence: 'stopSequence',
  guardrail_intervened: 'guardrail',
  content_filtered: 'contentFiltered',
  model_context_window_exceeded: 'contextWindowExceeded',
};

function readUsage(usage: TokenUsage | undefined): ModelUsage {
  return {
    inputTokens: usage?.inputTokens ?? 0,
    outputTokens: usage?.outputTokens ?? 0,
    cacheReadTokens: usage?.cacheReadInputTokens ?? 0,
    cacheWriteTokens: usage?.cacheWriteInputTokens ?? 0,
  };
}
