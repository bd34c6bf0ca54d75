import { BedrockAgentCoreClient, CreateEventCommand } from '@aws-sdk/client-bedrock-agentcore';
import { onTestFinished } from 'vitest';
import type { AccessKey, CallerSource } from '../../emulator/index.ts';
import { BEGINNING, useMemory, type TestMemory } from './memory.ts';

/** The keys of callers, and of whoever makes the memories, whom no policy is about. */
export const accessKeysFor = (callers: readonly CallerSource[]): AccessKey[] => [
  { id: 'test', secret: 'test' },
  ...callers.flatMap(({ is }) => ('agent' in is ? [] : { id: is.accessKeyId, secret: 'test' })),
];

/** An identity policy of one statement. */
export const allow = (rest: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Resource: '*', ...rest }],
});

/** Whoever has a key, tagged with its name in small letters, by these policies. */
export const tenant = (accessKeyId: string, ...documents: object[]): CallerSource => ({
  is: { accessKeyId },
  tags: { TenantID: accessKeyId.toLowerCase() },
  policies: documents.map((document, index) => ({ name: `${index + 1}.json`, document })),
});

/** An emulator for these callers, with a memory. */
export async function useTenants(callers: CallerSource[]) {
  const memory = await useMemory({ accessKeys: accessKeysFor(callers), callers });
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

/** What an actor says in session one. */
export const event = (memoryId: string, actorId: string, rest: object = {}) =>
  new CreateEventCommand({
    memoryId,
    actorId,
    sessionId: 'one',
    eventTimestamp: new Date(BEGINNING),
    payload: [{ conversational: { role: 'USER', content: { text: 'hello' } } }],
    ...rest,
  });
