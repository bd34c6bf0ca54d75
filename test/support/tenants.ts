import { BedrockAgentCoreClient, CreateEventCommand } from '@aws-sdk/client-bedrock-agentcore';
import { onTestFinished } from 'vitest';
import type { AccessKey, CallerSource } from '../../emulator/index.ts';
import { BEGINNING, useMemory, type TestMemory } from './memory.ts';

/** Returns the access keys of callers, and the key `test`, which has no policies. */
export const createAccessKeys = (callers: readonly CallerSource[]): AccessKey[] => [
  { id: 'test', secret: 'test' },
  ...callers.flatMap(({ identity }) =>
    'agent' in identity ? [] : { id: identity.accessKeyId, secret: 'test' },
  ),
];

/** Creates an identity policy with one statement. */
export const allow = (rest: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Resource: '*', ...rest }],
});

/** Creates a caller with these policies and a TenantID tag, the access key id in lowercase. */
export const tenant = (accessKeyId: string, ...documents: object[]): CallerSource => ({
  identity: { accessKeyId },
  tags: { TenantID: accessKeyId.toLowerCase() },
  policies: documents.map((document, index) => ({ name: `${index + 1}.json`, document })),
});

/** Starts an emulator with these callers and a memory. */
export async function useTenants(callers: CallerSource[]) {
  const memory = await useMemory({ accessKeys: createAccessKeys(callers), callers });
  const { id: memoryId = '', arn = '' } = await memory.create({ tags: { stage: 'test' } });
  return { ...memory, memoryId, arn, as: (key: string) => createClient(memory, key) };
}

function createClient({ emulator }: TestMemory, accessKeyId: string): BedrockAgentCoreClient {
  const client = new BedrockAgentCoreClient({
    endpoint: emulator.url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  onTestFinished(() => client.destroy());
  return client;
}

/** Creates a request for an event of an actor in session one. */
export const event = (memoryId: string, actorId: string, rest: object = {}) =>
  new CreateEventCommand({
    memoryId,
    actorId,
    sessionId: 'one',
    eventTimestamp: new Date(BEGINNING),
    payload: [{ conversational: { role: 'USER', content: { text: 'hello' } } }],
    ...rest,
  });
