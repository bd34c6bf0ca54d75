import { ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import OpenAI from 'openai';
import { expect, onTestFinished, test, vi } from 'vitest';
import { useEmulator } from '../../../../support/emulator.ts';
import { useBedrockRuntime } from '../../../../support/models.ts';

// A second emulator with the offline model stands in for Amazon Bedrock, which needs an account.
async function useBedrock() {
  const bedrock = await useEmulator({
    agents: [],
    accessKeys: [{ id: 'AKIAIOSFODNN7EXAMPLE', secret: 'of-the-developer' }],
  });
  vi.stubEnv('AWS_ENDPOINT_URL_BEDROCK_RUNTIME', bedrock.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'of-the-developer');
  vi.stubEnv('AWS_SESSION_TOKEN', undefined);
  vi.stubEnv('AWS_PROFILE', undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  const emulator = await useEmulator({ agents: [], model: 'bedrock' });
  return { bedrock, emulator };
}

const prompt = {
  modelId: 'amazon.nova-lite-v1:0',
  messages: [{ role: 'user' as const, content: [{ text: 'Hello there' }] }],
};

test('Calls pass through to Bedrock with the credentials of the emulator.', async () => {
  const { bedrock, emulator } = await useBedrock();
  const direct = await useBedrockRuntime(await useEmulator({ agents: [] })).send(
    new ConverseCommand(prompt),
  );
  // The client's own credentials are other ones.
  const passed = await useBedrockRuntime(emulator).send(new ConverseCommand(prompt));
  expect(passed.output).toEqual(direct.output);
  expect(passed.usage).toEqual(direct.usage);
  await expect(useBedrockRuntime(bedrock).send(new ConverseCommand(prompt))).rejects.toThrow(
    'security token',
  );
});

test('Streams pass through event by event.', async () => {
  const { emulator } = await useBedrock();
  const { stream } = await useBedrockRuntime(emulator).send(new ConverseStreamCommand(prompt));
  const deltas: string[] = [];
  for await (const { contentBlockDelta } of stream!) {
    if (contentBlockDelta?.delta?.text) deltas.push(contentBlockDelta.delta.text);
  }
  expect(deltas.length).toBeGreaterThan(3);
});

test('The schema of the reply passes through.', async () => {
  const { emulator } = await useBedrock();
  const schema = {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  };
  const jsonSchema = { name: 'place', schema: JSON.stringify(schema) };
  const outputConfig = {
    textFormat: { type: 'json_schema' as const, structure: { jsonSchema } },
  };
  const { output } = await useBedrockRuntime(emulator).send(
    new ConverseCommand({ ...prompt, outputConfig }),
  );
  expect(JSON.parse(output!.message!.content![0]!.text!)).toEqual({ city: expect.any(String) });
});

test('A conversation with tool calls may end with the tool choice none.', async () => {
  const { emulator } = await useBedrock();
  const openai = new OpenAI({ baseURL: `${emulator.url}/openai/v1`, apiKey: 'local' });
  const { choices } = await openai.chat.completions.create({
    model: prompt.modelId,
    messages: [
      { role: 'user', content: 'What is 2 + 3?' },
      {
        role: 'assistant',
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'add', arguments: '{"a":2,"b":3}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '5' },
    ],
    tools: [{ type: 'function', function: { name: 'add', parameters: { type: 'object' } } }],
    tool_choice: 'none',
  });
  expect(choices[0]?.message.content).toContain('5');
});
