import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { onTestFinished } from 'vitest';
import { createBedrockOperations } from '../../../../../emulator/services/models/bedrock/bedrockOperations.ts';
import type { ModelBackend } from '../../../../../emulator/services/models/modelBackend.ts';
import type { ModelEvent } from '../../../../../emulator/services/models/modelEvent.ts';
import type { ModelRequest } from '../../../../../emulator/services/models/modelRequest.ts';
import { sdkSettings } from '../../../../support/sdk.ts';
import { useWire, type Handler, type TestWire } from '../../../wire/useWire.ts';
import { createScriptedModel } from '../scriptedModel.ts';

export const CLAUDE = 'anthropic.claude-sonnet-4-20250514-v1:0';
export const NOVA = 'us.amazon.nova-pro-v1:0';

export { text, turn as reply } from '../modelTurns.ts';

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
  const { calls, requests } = createScriptedModel([events], backend);
  const operations = createBedrockOperations({ calls, clock: Date });
  const handlers = Object.entries(operations).map(([name, { handle }]) => [name, handle]);
  const wire = await useWire(Object.fromEntries(handlers) as Record<string, Handler>);
  const client = new BedrockRuntimeClient(sdkSettings(wire.url));
  onTestFinished(() => client.destroy());
  return { wire, client, requests };
}
