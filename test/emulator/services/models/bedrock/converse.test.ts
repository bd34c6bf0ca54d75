import { ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { expect, test } from 'vitest';
import { useEmulator } from '../../../../support/emulator.ts';
import { useBedrockRuntime } from '../../../../support/models.ts';

const prompt = {
  modelId: 'anthropic.claude-sonnet-4-20250514-v1:0',
  messages: [{ role: 'user' as const, content: [{ text: 'Hello there' }] }],
};

test('Converse returns the reply of the offline model.', async () => {
  const client = useBedrockRuntime(await useEmulator({ agents: [] }));
  const { output, stopReason, usage } = await client.send(new ConverseCommand(prompt));
  expect(output?.message?.role).toBe('assistant');
  expect(output?.message?.content?.[0]?.text).toContain('offline model');
  expect(stopReason).toBe('end_turn');
  expect(usage?.inputTokens).toBeGreaterThan(0);
});

test('ConverseStream sends the same reply as events.', async () => {
  const client = useBedrockRuntime(await useEmulator({ agents: [] }));
  const { output } = await client.send(new ConverseCommand(prompt));
  const { stream } = await client.send(new ConverseStreamCommand(prompt));
  let text = '';
  let stopReason: string | undefined;
  for await (const event of stream!) {
    text += event.contentBlockDelta?.delta?.text ?? '';
    stopReason ??= event.messageStop?.stopReason;
  }
  expect(text).toBe(output?.message?.content?.[0]?.text);
  expect(stopReason).toBe('end_turn');
});
