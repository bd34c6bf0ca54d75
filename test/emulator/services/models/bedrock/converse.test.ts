import {
  ConverseCommand,
  ConverseStreamCommand,
  CountTokensCommand,
  InvokeModelCommand,
  type ConverseCommandInput,
  type Message,
  type ToolUseBlock,
} from '@aws-sdk/client-bedrock-runtime';
import { expect, test } from 'vitest';
import { useEmulator } from '../../../../support/emulator.ts';
import { useBedrockRuntime } from '../../../../support/models.ts';
import { CLAUDE } from './useBedrock.ts';

const prompt = {
  modelId: CLAUDE,
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

test('A loop with a tool runs to its end.', async () => {
  const client = useBedrockRuntime(await useEmulator({ agents: [] }));
  const inputSchema = {
    json: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  };
  const toolSpec = { name: 'get_weather', description: 'The weather of a city', inputSchema };
  const messages: Message[] = [{ role: 'user', content: [{ text: 'Get the weather in Oslo' }] }];
  const uses: ToolUseBlock[] = [];
  const converse = () => {
    const input: ConverseCommandInput = {
      modelId: CLAUDE,
      messages,
      toolConfig: { tools: [{ toolSpec }] },
    };
    return client.send(new ConverseCommand(input));
  };
  let reply = await converse();
  while (reply.stopReason === 'tool_use') {
    const message = reply.output!.message!;
    const called = message.content!.flatMap(({ toolUse }) => toolUse ?? []);
    uses.push(...called);
    const content = called.map(({ toolUseId }) => ({
      toolResult: { toolUseId, content: [{ json: { forecast: 'snow' } }] },
    }));
    messages.push(message, { role: 'user', content });
    reply = await converse();
  }
  expect(uses).toMatchObject([{ name: 'get_weather', input: { city: expect.any(String) } }]);
  expect(reply.stopReason).toBe('end_turn');
  expect(reply.output!.message!.content![0]!.text).toContain('snow');
});

test('InvokeModel, embeddings and CountTokens work with the offline model.', async () => {
  const client = useBedrockRuntime(await useEmulator({ agents: [] }));
  const body = JSON.stringify({
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Hello there' }],
  });
  const invoked = await client.send(new InvokeModelCommand({ modelId: CLAUDE, body }));
  expect(JSON.parse(invoked.body.transformToString())).toMatchObject({
    type: 'message',
    content: [{ type: 'text', text: expect.stringContaining('offline model') }],
  });
  const counted = await client.send(
    new CountTokensCommand({
      modelId: CLAUDE,
      input: { invokeModel: { body: Buffer.from(body) } },
    }),
  );
  expect(counted.inputTokens).toBeGreaterThan(0);
  const embedded = await client.send(
    new InvokeModelCommand({
      modelId: 'amazon.titan-embed-text-v2:0',
      body: JSON.stringify({ inputText: 'Hello there', dimensions: 256 }),
    }),
  );
  const { embedding } = JSON.parse(embedded.body.transformToString()) as { embedding: number[] };
  expect(embedding).toHaveLength(256);
});
