import {
  ConverseCommand,
  ConverseStreamCommand,
  type ContentBlock,
  type ConverseCommandInput,
} from '@aws-sdk/client-bedrock-runtime';
import { expect, test } from 'vitest';
import { CLAUDE, reply, text, useBedrock } from './useBedrock.ts';

const bytes = new Uint8Array([1, 2, 3]);
const hello = { role: 'user' as const, content: [{ text: 'Hello' }] };

async function requestOf(input: Partial<ConverseCommandInput>) {
  const { client, requests } = await useBedrock(reply(text('Hi')));
  await client.send(new ConverseCommand({ modelId: CLAUDE, messages: [hello], ...input }));
  return requests[0]!;
}

async function contentOf(block: ContentBlock, others: ContentBlock[] = [{ text: 'Look' }]) {
  const request = await requestOf({ messages: [{ role: 'user', content: [...others, block] }] });
  return request.messages[0]!.content.slice(1);
}

test('Inference settings, the system prompt and tools arrive at the backend.', async () => {
  const schema = { type: 'object', properties: { city: { type: 'string' } } };
  const request = await requestOf({
    system: [{ text: 'Be brief.' }, { cachePoint: { type: 'default' } }, { text: 'Be kind.' }],
    inferenceConfig: { maxTokens: 50, temperature: 0.5, topP: 0.25, stopSequences: ['END'] },
    toolConfig: {
      tools: [
        { toolSpec: { name: 'weather', description: 'Weather', inputSchema: { json: schema } } },
        { cachePoint: { type: 'default' } },
      ],
      toolChoice: { tool: { name: 'weather' } },
    },
    outputConfig: {
      textFormat: {
        type: 'json_schema',
        structure: { jsonSchema: { schema: '{"type":"object"}' } },
      },
    },
    guardrailConfig: { guardrailIdentifier: 'gr1', guardrailVersion: '1' },
    additionalModelRequestFields: { top_k: 7 },
    requestMetadata: { team: 'blue' },
  });
  expect(request).toEqual({
    model: CLAUDE,
    system: [{ text: 'Be brief.', cachePoint: true }, { text: 'Be kind.' }],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    tools: [{ name: 'weather', description: 'Weather', inputSchema: schema, cachePoint: true }],
    toolChoice: { type: 'tool', name: 'weather' },
    maxTokens: 50,
    temperature: 0.5,
    topP: 0.25,
    topK: 7,
    stopSequences: ['END'],
    outputSchema: { type: 'object' },
    guardrail: { id: 'gr1', version: '1' },
  });
});

test.for<[string, ContentBlock, object[]]>([
  [
    'an image',
    { image: { format: 'png', source: { bytes } } },
    [
      {
        type: 'media',
        kind: 'image',
        mimeType: 'image/png',
        source: { type: 'bytes', bytes: Buffer.from(bytes) },
      },
    ],
  ],
  [
    'a document',
    { document: { format: 'docx', name: 'Plan', source: { bytes } } },
    [
      {
        type: 'media',
        kind: 'document',
        mimeType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
        name: 'Plan',
        source: { type: 'bytes', bytes: Buffer.from(bytes) },
      },
    ],
  ],
  [
    'a document as text, with its context',
    { document: { name: 'Note', source: { text: 'Rain' }, context: 'From May' } },
    [
      { type: 'text', text: 'From May' },
      {
        type: 'media',
        kind: 'document',
        mimeType: 'text/plain',
        name: 'Note',
        source: { type: 'bytes', bytes: Buffer.from('Rain') },
      },
    ],
  ],
  [
    'a video in S3',
    { video: { format: 'three_gp', source: { s3Location: { uri: 's3://bucket/clip' } } } },
    [
      {
        type: 'media',
        kind: 'video',
        mimeType: 'video/3gpp',
        source: { type: 'url', url: 's3://bucket/clip' },
      },
    ],
  ],
  [
    'a recording',
    { audio: { format: 'mp3', source: { bytes } } },
    [
      {
        type: 'media',
        kind: 'audio',
        mimeType: 'audio/mpeg',
        source: { type: 'bytes', bytes: Buffer.from(bytes) },
      },
    ],
  ],
  [
    'guarded text',
    { guardContent: { text: { text: 'Guarded', qualifiers: ['query'] } } },
    [{ type: 'text', text: 'Guarded' }],
  ],
  [
    'a search result',
    { searchResult: { source: 'https://a.example', title: 'A', content: [{ text: 'Found' }] } },
    [{ type: 'text', text: 'A\nhttps://a.example\nFound' }],
  ],
])('The backend receives %s.', async ([, block, expected]) => {
  expect(await contentOf(block)).toEqual(expected);
});

test('A conversation with reasoning, tools and citations arrives at the backend.', async () => {
  const { messages } = await requestOf({
    toolConfig: { tools: [{ toolSpec: { name: 'f', inputSchema: { json: { type: 'object' } } } }] },
    messages: [
      hello,
      {
        role: 'assistant',
        content: [
          { reasoningContent: { reasoningText: { text: 'Hmm', signature: 'sig' } } },
          { reasoningContent: { redactedContent: bytes } },
          { citationsContent: { content: [{ text: 'Cited.' }] } },
          { toolUse: { toolUseId: 't1', name: 'f', input: { a: 1 } } },
        ],
      },
      {
        role: 'user',
        content: [
          {
            toolResult: {
              toolUseId: 't1',
              status: 'error',
              content: [
                { text: 'no' },
                { json: { code: 5 } },
                { image: { format: 'gif', source: { bytes } } },
              ],
            },
          },
          { cachePoint: { type: 'default' } },
        ],
      },
    ],
  });
  expect(messages[1]!.content).toEqual([
    { type: 'reasoning', text: 'Hmm', signature: 'sig' },
    { type: 'redactedReasoning', data: 'AQID' },
    { type: 'text', text: 'Cited.' },
    { type: 'toolUse', id: 't1', name: 'f', input: { a: 1 } },
  ]);
  expect(messages[2]!.content).toEqual([
    {
      type: 'toolResult',
      id: 't1',
      isError: true,
      content: [
        { type: 'text', text: 'no' },
        { type: 'text', text: '{"code":5}' },
        {
          type: 'media',
          kind: 'image',
          mimeType: 'image/gif',
          source: { type: 'bytes', bytes: Buffer.from(bytes) },
        },
      ],
      cachePoint: true,
    },
  ]);
});

test('Claude’s thinking becomes a budget for reasoning.', async () => {
  const thinking = { type: 'enabled', budget_tokens: 2048 };
  const request = await requestOf({
    inferenceConfig: { maxTokens: 4096 },
    additionalModelRequestFields: { thinking },
  });
  expect(request.reasoningTokens).toBe(2048);
});

type Message = NonNullable<ConverseCommandInput['messages']>[number];
const user = (...content: ContentBlock[]): Message => ({ role: 'user', content });
const assistant = (...content: ContentBlock[]): Message => ({ role: 'assistant', content });
const use = (toolUseId: string) => ({ toolUse: { toolUseId, name: 'f', input: {} } });
const result = (toolUseId: string) => ({ toolResult: { toolUseId, content: [{ text: 'x' }] } });
const tools = [{ toolSpec: { name: 'f', inputSchema: { json: { type: 'object' } } } }];
const document = (name: string) => ({ document: { name, source: { text: 'x' } } });

test.for<[string, Partial<ConverseCommandInput>]>([
  [
    'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    { messages: [assistant({ text: 'Hi' })] },
  ],
  [
    'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    { messages: [] },
  ],
  [
    'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.',
    { messages: [hello, hello] },
  ],
  [
    'The content field in the Message object at messages.1 is empty. Add a ContentBlock object to the content field and try again.',
    { messages: [hello, assistant()] },
  ],
  [
    'The text field in the ContentBlock object at messages.0.content.1 is blank. Add text to the text field, and try again.',
    { messages: [user({ text: 'a' }, { text: ' \n' })] },
  ],
  [
    'The toolConfig field must be defined when using toolUse and toolResult content blocks.',
    { messages: [hello, assistant(use('t1')), user(result('t1'))] },
  ],
  [
    'Expected toolResult blocks at messages.2.content for the following Ids: t1, t2',
    { toolConfig: { tools }, messages: [hello, assistant(use('t1'), use('t2')), hello] },
  ],
  [
    'The number of toolResult blocks at messages.2.content exceeds the number of toolUse blocks of previous turn.',
    {
      toolConfig: { tools },
      messages: [hello, assistant(use('t1')), user(result('t1'), result('t2'))],
    },
  ],
  [
    'The toolResult blocks at messages.2.content contain duplicate Ids: t1',
    {
      toolConfig: { tools },
      messages: [hello, assistant(use('t1')), user(result('t1'), result('t1'))],
    },
  ],
  [
    'The content field at messages.2.content.0.toolResult cannot be empty when status value is error.',
    {
      toolConfig: { tools },
      messages: [
        hello,
        assistant(use('t1')),
        user({ toolResult: { toolUseId: 't1', content: [], status: 'error' } }),
      ],
    },
  ],
  [
    'The format of the value at messages.2.content.0.toolResult.content.0.json is invalid. Provide a json object for the field and try again.',
    {
      toolConfig: { tools },
      messages: [
        hello,
        assistant(use('t1')),
        user({ toolResult: { toolUseId: 't1', content: [{ json: ['a'] }] } }),
      ],
    },
  ],
  [
    'The value at toolConfig.tools.0.toolSpec.inputSchema.json.type must be one of the following: object.',
    { toolConfig: { tools: [{ toolSpec: { name: 'f', inputSchema: { json: {} } } }] } },
  ],
  [
    "The model returned the following errors: Tool 'g' not found in provided tools",
    { toolConfig: { tools, toolChoice: { tool: { name: 'g' } } } },
  ],
  ['A text block must be included when using documents.', { messages: [user(document('Plan'))] }],
  [
    "Messages can't contain duplicate document names.",
    { messages: [user({ text: 'a' }, document('Plan'), document('Plan'))] },
  ],
  [
    "You can't include more than 5 documents in a request.",
    { messages: [user({ text: 'a' }, ...[1, 2, 3, 4, 5, 6].map((n) => document(`Plan ${n}`)))] },
  ],
  [
    "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character. Check that the file name conforms to these restrictions and retry your request.",
    { messages: [user({ text: 'a' }, document('plan.pdf'))] },
  ],
  [
    "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character. Check that the file name conforms to these restrictions and retry your request.",
    { messages: [user({ text: 'a' }, document('My  plan'))] },
  ],
  [
    'The model returned the following errors: `max_tokens` must be greater than `thinking.budget_tokens`.',
    {
      inferenceConfig: { maxTokens: 2000 },
      additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 2000 } },
    },
  ],
  [
    'The model returned the following errors: thinking.enabled.budget_tokens: Input should be greater than or equal to 1024',
    { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 5 } } },
  ],
  [
    'additionalModelResponseFieldPaths: "stop" is not a valid JSON Pointer. Use a path such as /stop_sequence.',
    { additionalModelResponseFieldPaths: ['stop'] },
  ],
  [
    'guardrailConfig.guardrailVersion must be set: a guardrail needs its identifier and version.',
    { guardrailConfig: { guardrailIdentifier: 'gr1', guardrailVersion: undefined } },
  ],
])('Converse and ConverseStream reject: %s', async ([message, input]) => {
  const { client, requests } = await useBedrock(reply(text('Hi')));
  const whole = { modelId: CLAUDE, messages: [hello], ...input };
  for (const command of [new ConverseCommand(whole), new ConverseStreamCommand(whole)]) {
    await expect(client.send(command as ConverseCommand)).rejects.toMatchObject({
      name: 'ValidationException',
      message,
      $metadata: { httpStatusCode: 400 },
    });
  }
  expect(requests).toEqual([]);
});

test.for<[string, Partial<ConverseCommandInput>]>([
  ['systemTool', { toolConfig: { tools: [{ systemTool: { name: 'nova_grounding' } }] } }],
  ['Prompt management', { promptVariables: { city: { text: 'Oslo' } } }],
  ['toolRemoval', { messages: [user({ toolRemoval: { tool: { name: 'f' } } })] }],
])('What is not emulated returns 501: %s', async ([part, input]) => {
  const { wire } = await useBedrock([]);
  const answer = await wire.raw('POST', `/model/${encodeURIComponent(CLAUDE)}/converse`, {
    body: JSON.stringify({ messages: [hello], ...input }),
  });
  expect(answer).toMatchObject({ status: 501, json: { message: expect.stringContaining(part) } });
});
