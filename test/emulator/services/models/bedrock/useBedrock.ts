import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { onTestFinished } from 'vitest';
import { createBedrockOperations } from '../../../../../emulator/services/models/bedrock/bedrockOperations.ts';
import type { ModelBackend } from '../../../../../emulator/services/models/modelBackend.ts';
import { createModelCalls } from '../../../../../emulator/services/models/modelCalls.ts';
import type {
  ModelEvent,
  ModelUsage,
  ReplyEnd,
} from '../../../../../emulator/services/models/modelEvent.ts';
import type { ModelRequest } from '../../../../../emulator/services/models/modelRequest.ts';
import { sdkSettings } from '../../../../support/sdk.ts';
import { useWire, type Handler, type TestWire } from '../../../wire/useWire.ts';

export const CLAUDE = 'anthropic.claude-sonnet-4-20250514-v1:0';
export const NOVA = 'us.amazon.nova-pro-v1:0';

const usage: ModelUsage = {
  inputTokens: 12,
  outputTokens: 3,
  cacheReadTokens: 4,
  cacheWriteTokens: 5,
};

/** The events of a reply: its start, the given ones, and its end. */
export function reply(events: readonly ModelEvent[], end: Partial<ReplyEnd> = {}): ModelEvent[] {
  return [
    { type: 'start', usage },
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

/** Bedrock Runtime on a real wire, with a backend that follows a script. */
export interface TestBedrock {
  readonly wire: TestWire;
  /** The JavaScript SDK's client, which speaks HTTP/2. */
  readonly client: BedrockRuntimeClient;
  /** The requests that the backend received. */
  readonly requests: readonly ModelRequest[];
}

/** Starts Bedrock Runtime with a backend that replies with the given events. An error is thrown. */
export async function useBedrock(
  events: readonly (ModelEvent | Error)[],
  backend: Partial<ModelBackend> = {},
): Promise<TestBedrock> {
  const requests: ModelRequest[] = [];
  const scripted: ModelBackend = {
    async *invoke(request) {
      requests.push(request);
      for (const event of events) {
        if (event instanceof Error) throw event;
        yield event;
      }
    },
    async countTokens(request) {
      requests.push(request);
      return 42;
    },
    embed: async () => ({ vectors: [], inputTokens: 0 }),
    ...backend,
  };
  const selected = { name: 'test', backend: scripted, model: null, isCharged: false };
  const operations = createBedrockOperations({
    calls: createModelCalls({ nameFor: () => selected.name, select: async () => selected }),
    clock: Date,
  });
  const handlers = Object.entries(operations).map(([name, { handle }]) => [name, handle]);
  const wire = await useWire(Object.fromEntries(handlers) as Record<string, Handler>);
  const client = new BedrockRuntimeClient(sdkSettings(wire.url));
  onTestFinished(() => client.destroy());
  return { wire, client, requests };
}
