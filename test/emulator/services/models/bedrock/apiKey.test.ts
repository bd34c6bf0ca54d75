import {
  BedrockRuntimeClient,
  ConverseCommand,
  type BedrockRuntimeClientConfig,
} from '@aws-sdk/client-bedrock-runtime';
import { expect, onTestFinished, test } from 'vitest';
import { useEmulator } from '../../../../support/emulator.ts';
import { CLAUDE } from './useBedrock.ts';

const KEY = { id: 'AKIDEXAMPLE', secret: 'a secret' };
const apiKey = { token: async () => ({ token: 'bedrock-api-key' }) };

function converse(endpoint: string, config: BedrockRuntimeClientConfig) {
  const client = new BedrockRuntimeClient({
    endpoint,
    region: 'us-east-1',
    maxAttempts: 1,
    ...config,
  });
  onTestFinished(() => client.destroy());
  const messages = [{ role: 'user' as const, content: [{ text: 'Hello' }] }];
  return client.send(new ConverseCommand({ modelId: CLAUDE, messages }));
}

test('Without --auth, any API key of Bedrock is accepted.', async () => {
  const { url } = await useEmulator({ agents: [] });
  const { stopReason } = await converse(url, {
    ...apiKey,
    authSchemePreference: ['httpBearerAuth'],
  });
  expect(stopReason).toBe('end_turn');
});

test('With --auth sigv4, signatures are verified and API keys refused with the reason.', async () => {
  const { url } = await useEmulator({ agents: [], accessKeys: [KEY] });
  const credentials = { accessKeyId: KEY.id, secretAccessKey: KEY.secret };
  expect(await converse(url, { credentials })).toMatchObject({ stopReason: 'end_turn' });
  await expect(
    converse(url, { credentials: { ...credentials, secretAccessKey: 'another' } }),
  ).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  await expect(
    converse(url, { ...apiKey, authSchemePreference: ['httpBearerAuth'] }),
  ).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringMatching(/^Authentication failed: .*has no Bedrock API keys/),
    $metadata: { httpStatusCode: 403 },
  });
});
