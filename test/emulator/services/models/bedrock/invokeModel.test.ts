import {
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type InvokeModelCommandInput,
} from '@aws-sdk/client-bedrock-runtime';
import { expect, test } from 'vitest';
import { ModelError } from '../../../../../emulator/services/models/modelError.ts';
import type { ModelEvent } from '../../../../../emulator/services/models/modelEvent.ts';
import { CLAUDE, NOVA, reply, text, useBedrock, type TestBedrock } from './useBedrock.ts';

const LLAMA = 'meta.llama3-8b-instruct-v1:0';
const MISTRAL = 'mistral.mistral-7b-instruct-v0:2';
const TITAN = 'amazon.titan-text-express-v1';
const GPT = 'openai.gpt-oss-20b-1:0';

type Input = Omit<InvokeModelCommandInput, 'body'> & { readonly body: object };

const encode = ({ body, ...input }: Input): InvokeModelCommandInput => ({
  ...input,
  body: JSON.stringify(body),
});

async function invoke({ client }: TestBedrock, input: Input): Promise<unknown> {
  const { body } = await client.send(new InvokeModelCommand(encode(input)));
  return JSON.parse(body.transformToString());
}

async function chunksOf({ client }: TestBedrock, input: Input): Promise<unknown[]> {
  const command = new InvokeModelWithResponseStreamCommand(encode(input));
  const { body } = await client.send(command);
  const chunks: unknown[] = [];
  for await (const { chunk } of body!)
    chunks.push(JSON.parse(Buffer.from(chunk!.bytes!).toString()));
  return chunks;
}

const metrics = {
  'amazon-bedrock-invocationMetrics': {
    inputTokenCount: 12,
    outputTokenCount: 3,
    invocationLatency: expect.any(Number),
    firstByteLatency: expect.any(Number),
    cacheReadInputTokenCount: 4,
    cacheWriteInputTokenCount: 5,
  },
};

const novaUsage = {
  inputTokens: 12,
  outputTokens: 3,
  totalTokens: 24,
  cacheReadInputTokenCount: 4,
  cacheWriteInputTokenCount: 5,
};

const script = reply(text('Hel', 'lo'), { stopReason: 'maxTokens' });

interface Example {
  readonly modelId: string;
  readonly body: object;
  /** Requests that the backend received. */
  readonly request: object;
  readonly whole: object;
  readonly chunks: readonly object[];
}

const claudeBody = {
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 9,
  messages: [{ role: 'user', content: 'Hi' }],
};

const claudeMessage = {
  id: expect.stringMatching(/^msg_bdrk_/),
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-20250514',
};

const claudeUsage = {
  input_tokens: 12,
  output_tokens: 3,
  cache_read_input_tokens: 4,
  cache_creation_input_tokens: 5,
};

const chunk = (delta: object, finishReason: string | null = null) => ({
  object: 'chat.completion.chunk',
  model: GPT,
  choices: [{ index: 0, delta, finish_reason: finishReason }],
});

const examples: readonly Example[] = [
  {
    modelId: CLAUDE,
    body: { ...claudeBody, system: 'Be brief.', top_k: 4, stop_sequences: ['END'] },
    request: { system: [{ text: 'Be brief.' }], maxTokens: 9, topK: 4, stopSequences: ['END'] },
    whole: {
      ...claudeMessage,
      content: [{ type: 'text', text: 'Hello' }],
      stop_reason: 'max_tokens',
      stop_sequence: null,
      usage: claudeUsage,
    },
    chunks: [
      {
        type: 'message_start',
        message: { ...claudeMessage, content: [], usage: { ...claudeUsage, output_tokens: 0 } },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hel' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'lo' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'max_tokens' }, usage: claudeUsage },
      { type: 'message_stop', ...metrics },
    ],
  },
  {
    modelId: GPT,
    body: { messages: [{ role: 'user', content: 'Hi' }], max_completion_tokens: 9 },
    request: { maxTokens: 9 },
    whole: {
      object: 'chat.completion',
      model: GPT,
      choices: [
        { index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'length' },
      ],
      usage: { prompt_tokens: 21, completion_tokens: 3, total_tokens: 24 },
    },
    chunks: [
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo' }),
      chunk({}, 'length'),
      { choices: [], usage: { prompt_tokens: 21, completion_tokens: 3 }, ...metrics },
    ],
  },
  {
    modelId: NOVA,
    body: {
      schemaVersion: 'messages-v1',
      system: [{ text: 'Be brief.' }],
      messages: [
        {
          role: 'user',
          content: [{ text: 'Hi' }, { image: { format: 'png', source: { bytes: 'AQID' } } }],
        },
      ],
      inferenceConfig: { max_new_tokens: 9, topK: 4, top_p: 0.5 },
    },
    request: {
      system: [{ text: 'Be brief.' }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Hi' },
            {
              type: 'media',
              kind: 'image',
              mimeType: 'image/png',
              source: { type: 'bytes', bytes: Buffer.from([1, 2, 3]) },
            },
          ],
        },
      ],
      maxTokens: 9,
      topK: 4,
      topP: 0.5,
    },
    whole: {
      output: { message: { role: 'assistant', content: [{ text: 'Hello' }] } },
      stopReason: 'max_tokens',
      usage: novaUsage,
    },
    chunks: [
      { messageStart: { role: 'assistant' } },
      { contentBlockDelta: { delta: { text: 'Hel' }, contentBlockIndex: 0 } },
      { contentBlockDelta: { delta: { text: 'lo' }, contentBlockIndex: 0 } },
      { contentBlockStop: { contentBlockIndex: 0 } },
      { messageStop: { stopReason: 'max_tokens' } },
      { metadata: { usage: novaUsage, metrics: {}, trace: {} }, ...metrics },
    ],
  },
  {
    modelId: LLAMA,
    body: { prompt: 'Hi', max_gen_len: 9, temperature: 0.5, top_p: 0.25 },
    request: { maxTokens: 9, temperature: 0.5, topP: 0.25 },
    whole: {
      generation: 'Hello',
      prompt_token_count: 12,
      generation_token_count: 3,
      stop_reason: 'length',
    },
    chunks: [
      {
        generation: 'Hel',
        prompt_token_count: 12,
        generation_token_count: 1,
        stop_reason: null,
      },
      {
        generation: 'lo',
        prompt_token_count: null,
        generation_token_count: 2,
        stop_reason: null,
      },
      {
        generation: '',
        prompt_token_count: null,
        generation_token_count: 3,
        stop_reason: 'length',
        ...metrics,
      },
    ],
  },
  {
    modelId: MISTRAL,
    body: { prompt: 'Hi', max_tokens: 9, stop: ['END'], top_k: 3 },
    request: { maxTokens: 9, stopSequences: ['END'], topK: 3 },
    whole: { outputs: [{ text: 'Hello', stop_reason: 'length' }] },
    chunks: [
      { outputs: [{ text: 'Hel', stop_reason: null }] },
      { outputs: [{ text: 'lo', stop_reason: null }] },
      { outputs: [{ text: '', stop_reason: 'length' }], ...metrics },
    ],
  },
  {
    modelId: TITAN,
    body: { inputText: 'Hi', textGenerationConfig: { maxTokenCount: 9, stopSequences: ['|'] } },
    request: { maxTokens: 9, stopSequences: ['|'] },
    whole: {
      inputTextTokenCount: 12,
      results: [{ tokenCount: 3, outputText: 'Hello', completionReason: 'LENGTH' }],
    },
    chunks: [
      {
        outputText: 'Hel',
        index: 0,
        totalOutputTextTokenCount: null,
        completionReason: null,
        inputTextTokenCount: 12,
      },
      {
        outputText: 'lo',
        index: 0,
        totalOutputTextTokenCount: null,
        completionReason: null,
        inputTextTokenCount: 12,
      },
      {
        outputText: '',
        index: 0,
        totalOutputTextTokenCount: 3,
        completionReason: 'LENGTH',
        inputTextTokenCount: 12,
        ...metrics,
      },
    ],
  },
];

test.for(examples)(
  'InvokeModel uses the format of $modelId in both directions.',
  async (example) => {
    const { modelId, body, request, whole, chunks } = example;
    const bedrock = await useBedrock(script);
    expect(await invoke(bedrock, { modelId, body })).toMatchObject(whole);
    expect(bedrock.requests[0]).toMatchObject({ model: modelId, ...request });
    expect(bedrock.requests[0]!.messages[0]!.content[0]).toEqual({ type: 'text', text: 'Hi' });
    expect(await chunksOf(bedrock, { modelId, body })).toMatchObject(chunks);
  },
);

test.for([
  'us.meta.llama3-3-70b-instruct-v1:0',
  'arn:aws:bedrock:us-east-1::foundation-model/meta.llama3-8b-instruct-v1:0',
  'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.meta.llama3-3-70b-instruct-v1:0',
  'arn:aws:bedrock:us-east-1:123456789012:custom-model/meta.llama3-1-8b-instruct-v1/abcdefghijkl',
])('The family of %s is found.', async (modelId) => {
  const bedrock = await useBedrock(script);
  const whole = await invoke(bedrock, { modelId, body: { prompt: 'Hi' } });
  expect(whole).toMatchObject({ generation: 'Hello' });
});

test('The body decides for an application inference profile.', async () => {
  const modelId =
    'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl';
  const messages = [{ role: 'user', content: [{ text: 'Hi' }] }];
  const bedrock = await useBedrock(script);
  const body = { schemaVersion: 'messages-v1', messages };
  expect(await invoke(bedrock, { modelId, body })).toMatchObject({ stopReason: 'max_tokens' });
  expect(await invoke(bedrock, { modelId, body: claudeBody })).toMatchObject({ type: 'message' });
  await expect(invoke(bedrock, { modelId, body: { messages } })).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining('its ARN does not name the model'),
  });
});

test('A response has the headers with the tokens and settings of the call.', async () => {
  const { client } = await useBedrock(script);
  const command = new InvokeModelCommand({
    ...encode({ modelId: LLAMA, body: { prompt: 'Hi' } }),
    performanceConfigLatency: 'optimized',
    serviceTier: 'priority',
    guardrailIdentifier: 'gr1',
    guardrailVersion: '1',
  });
  let headers: Record<string, string> = {};
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      ({ headers } = result.response as { headers: Record<string, string> });
      return result;
    },
    { step: 'deserialize' },
  );
  const output = await client.send(command);
  expect(output).toMatchObject({
    contentType: 'application/json',
    performanceConfigLatency: 'optimized',
    serviceTier: 'priority',
  });
  expect(JSON.parse(output.body.transformToString())).toMatchObject({
    'amazon-bedrock-guardrailAction': 'NONE',
  });
  expect(headers).toMatchObject({
    'x-amzn-bedrock-input-token-count': '12',
    'x-amzn-bedrock-output-token-count': '3',
    'x-amzn-bedrock-cache-read-input-token-count': '4',
    'x-amzn-bedrock-cache-write-input-token-count': '5',
    'x-amzn-bedrock-invocation-latency': expect.stringMatching(/^\d+$/),
  });
});

test('Each chunk is sent when its event occurs.', async () => {
  const released = Promise.withResolvers<void>();
  const bedrock = await useBedrock([], {
    async *invoke(): AsyncGenerator<ModelEvent> {
      const events = reply(text('Hel', 'lo'));
      yield* events.slice(0, 3);
      await released.promise;
      yield* events.slice(3);
    },
  });
  const command = encode({ modelId: LLAMA, body: { prompt: 'Hi' } });
  const { body } = await bedrock.client.send(new InvokeModelWithResponseStreamCommand(command));
  let received = '';
  for await (const { chunk } of body!) {
    received += Buffer.from(chunk!.bytes!).toString();
    // The rest of the reply waits for its first chunk.
    released.resolve();
  }
  expect(received).toContain('amazon-bedrock-invocationMetrics');
});

test.for<[string, string, string]>([
  ['the body is empty', LLAMA, ''],
  ['Unexpected token', LLAMA, 'Hi'],
  ['#: expected type: JSONObject, found: JSONArray', LLAMA, '[]'],
  ['#: required key [prompt] not found', LLAMA, '{}'],
  ['#/prompt: expected type: String, found: Number', MISTRAL, '{"prompt":5}'],
  ['#: required key [anthropic_version] not found', CLAUDE, '{"messages":[]}'],
  [
    '#/anthropic_version: 2023-06-01 is not a valid enum value',
    CLAUDE,
    '{"anthropic_version":"2023-06-01"}',
  ],
  ['#: required key [max_tokens] not found', CLAUDE, '{"anthropic_version":"bedrock-2023-05-31"}'],
  [
    '#: extraneous key [model] is not permitted',
    CLAUDE,
    JSON.stringify({ ...claudeBody, model: 'claude' }),
  ],
  [
    '#/max_gen_len: expected type: Number, found: String',
    LLAMA,
    '{"prompt":"a","max_gen_len":"5"}',
  ],
])('A malformed body is refused: %s', async ([detail, modelId, body]) => {
  const { client } = await useBedrock(script);
  await expect(client.send(new InvokeModelCommand({ modelId, body }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(
      /^Malformed input request: .*, please reformat your input and try again\.$/,
    ),
    $metadata: { httpStatusCode: 400 },
  });
  await expect(client.send(new InvokeModelCommand({ modelId, body }))).rejects.toThrow(detail);
});

test('A body of Nova is checked like that of Converse.', async () => {
  const bedrock = await useBedrock(script);
  const body = { messages: [{ role: 'assistant', content: [{ text: 'Hi' }] }] };
  await expect(invoke(bedrock, { modelId: NOVA, body })).rejects.toThrow(
    'A conversation must start with a user message.',
  );
  await expect(invoke(bedrock, { modelId: NOVA, body: { messages: 5 } })).rejects.toThrow(
    "Value at 'messages' failed to satisfy constraint: Member must be a list",
  );
});

test('A family that is not emulated returns 501 and lists the emulated families.', async () => {
  const bedrock = await useBedrock(script);
  const modelId = 'stability.sd3-5-large-v1:0';
  await expect(invoke(bedrock, { modelId, body: {} })).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringMatching(/amazon\.nova.*meta\.llama/),
    $metadata: { httpStatusCode: 501 },
  });
});

test('An error during the reply ends the stream with AWS’s exception.', async () => {
  const failure = new ModelError('modelError', 'It broke.');
  const bedrock = await useBedrock([...script.slice(0, 3), failure]);
  await expect(chunksOf(bedrock, { modelId: LLAMA, body: { prompt: 'Hi' } })).rejects.toMatchObject(
    { name: 'ModelStreamErrorException', message: 'It broke.' },
  );
});
