import { CountTokensCommand, type CountTokensCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { expect, test } from 'vitest';
import { CLAUDE, useBedrock } from './useBedrock.ts';

const messages = [{ role: 'user' as const, content: [{ text: 'Hello' }] }];
const LLAMA = 'meta.llama3-8b-instruct-v1:0';

test.for<[string, CountTokensCommandInput]>([
  ['Converse', { modelId: CLAUDE, input: { converse: { messages, system: [{ text: 'Hi' }] } } }],
  [
    'InvokeModel',
    {
      modelId: LLAMA,
      input: { invokeModel: { body: Buffer.from(JSON.stringify({ prompt: 'Hello' })) } },
    },
  ],
])('CountTokens counts the input of %s.', async ([, input]) => {
  const { client, requests } = await useBedrock([]);
  const { inputTokens } = await client.send(new CountTokensCommand(input));
  expect(inputTokens).toBe(42);
  expect(requests[0]!.messages).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
  ]);
});

test('CountTokens checks its input like the operation that it counts for.', async () => {
  const { client } = await useBedrock([]);
  const count = (modelId: string, input: CountTokensCommandInput['input']) =>
    client.send(new CountTokensCommand({ modelId, input }));
  await expect(
    count(CLAUDE, { converse: { messages: [...messages, ...messages] } }),
  ).rejects.toThrow('A conversation must alternate between user and assistant roles.');
  await expect(count(LLAMA, { invokeModel: { body: Buffer.from('{}') } })).rejects.toThrow(
    'required key [prompt] not found',
  );
  const body = Buffer.from('{"inputText":"a"}');
  await expect(count('amazon.titan-embed-text-v1', { invokeModel: { body } })).rejects.toThrow(
    "The provided model doesn't support counting tokens.",
  );
});
