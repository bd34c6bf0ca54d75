import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { expect, test } from 'vitest';
import { findTokenProvider } from '../../../../../emulator/services/models/upstream/tokenProvider.ts';
import { useFolder } from '../../../../support/agents.ts';
import { useEmulator } from '../../../../support/emulator.ts';
import { useBedrockRuntime } from '../../../../support/models.ts';
import { useModelServer } from '../../../../support/modelServer.ts';

test.for<[(string | undefined)[], string]>([
  [[undefined, 'offline'], 'anthropic'],
  [['ollama:llama3.2', 'anthropic'], 'anthropic'],
  [['openai:https://a.test/v1#m', 'anthropic'], 'https://a.test/v1'],
  [['record:a.jsonl=openai:https://a.test/v1', 'anthropic'], 'https://a.test/v1'],
])('The tokens of %j belong to %s.', ([models, provider]) => {
  expect(findTokenProvider(models)).toBe(provider);
});

test('A server that is chosen later does not get the tokens of another.', async () => {
  const first = await useModelServer((_, response) => void response.end('{}'));
  const second = await useModelServer((_, response) => void response.writeHead(500).end());
  const file = join(await useFolder(), 'tokens.json');
  await writeFile(file, '{"tokens":[{"name":"a","token":"secret-of-first"}]}');
  const emulator = await useEmulator({
    agents: [],
    model: `openai:${first.url}`,
    modelTokens: file,
  });
  await emulator.admin('/models', { model: `openai:${second.url}` });
  const call = useBedrockRuntime(emulator).send(
    new ConverseCommand({
      modelId: 'amazon.nova-lite-v1:0',
      messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
    }),
  );
  await expect(call).rejects.toThrow(`${second.url}: status 500`);
  expect(first.requests[0]?.headers.authorization).toBe('Bearer secret-of-first');
  expect(second.requests.length).toBeGreaterThan(0);
  expect(JSON.stringify(second.requests)).not.toContain('secret-of-first');
});
