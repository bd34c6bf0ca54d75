import type { ConverseStreamOutput } from '@aws-sdk/client-bedrock-runtime';
import type { BlockStart, ModelEvent } from '../modelEvent.ts';
import { STOP_REASONS, writeService, writeUsage } from './converseReply.ts';
import type { ConverseInput } from './converseRequest.ts';

/** The stop event's additionalModelResponseFields, once the reply is complete. */
type FinalFields = () => Promise<object | undefined>;

/**
 * Translates the events of a reply to those of ConverseStream. As in AWS, only tool uses have a
 * contentBlockStart, and the metadata follow the stop.
 */
export async function* writeConverseStream(
  events: AsyncIterable<ModelEvent>,
  input: ConverseInput,
  startedAt: number,
  finalFields: FinalFields = async () => undefined,
): AsyncGenerator<ConverseStreamOutput> {
  let contentBlockIndex = 0;
  for await (const event of events) {
    switch (event.type) {
      case 'start':
        yield { messageStart: { role: 'assistant' } };
        break;
      case 'blockStart':
        yield* writeBlockStart(event.block, contentBlockIndex);
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
      case 'end': {
        const { stopReason, usage } = event;
        const fields = await finalFields();
        yield {
          messageStop: {
            stopReason: STOP_REASONS[stopReason],
            ...(fields && { additionalModelResponseFields: fields as Record<string, never> }),
          },
        };
        yield {
          metadata: {
            usage: writeUsage(usage),
            metrics: { latencyMs: Math.round(performance.now() - startedAt) },
            ...writeService(input, stopReason),
          },
        };
      }
    }
  }
}

function* writeBlockStart(
  block: BlockStart,
  contentBlockIndex: number,
): Generator<ConverseStreamOutput> {
  if (block.type === 'toolUse') {
    const { id: toolUseId, name } = block;
    yield { contentBlockStart: { start: { toolUse: { toolUseId, name } }, contentBlockIndex } };
  }
  if (block.type === 'redactedReasoning') {
    const redactedContent = Buffer.from(block.data, 'base64');
    const delta = { reasoningContent: { redactedContent } };
    yield { contentBlockDelta: { delta, contentBlockIndex } };
  }
}
