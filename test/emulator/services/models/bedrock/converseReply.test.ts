import { once } from 'node:events';
import { connect } from 'node:http2';
import {
  ConverseCommand,
  ConverseStreamCommand,
  type ConverseCommandInput,
  type ConverseStreamOutput,
} from '@aws-sdk/client-bedrock-runtime';
import { expect, test } from 'vitest';
import { ModelError } from '../../../../../emulator/services/models/modelError.ts';
import type { ModelEvent } from '../../../../../emulator/services/models/modelEvent.ts';
import { CLAUDE, NOVA, reply, text, useBedrock } from './useBedrock.ts';

const prompt: ConverseCommandInput = {
  modelId: CLAUDE,
  messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
};

const toolUse: ModelEvent[] = [
  { type: 'blockStart', block: { type: 'toolUse', id: 'tooluse_1', name: 'weather' } },
  { type: 'toolInput', json: '{"city":' },
  { type: 'toolInput', json: '"Oslo"}' },
  { type: 'blockStop' },
];

const reasoning: ModelEvent[] = [
  { type: 'blockStart', block: { type: 'reasoning' } },
  { type: 'reasoning', text: 'Let me ' },
  { type: 'reasoning', text: 'see.' },
  { type: 'signature', signature: 'c2ln' },
  { type: 'blockStop' },
  { type: 'blockStart', block: { type: 'redactedReasoning', data: 'AQID' } },
  { type: 'blockStop' },
];

const usage = {
  inputTokens: 12,
  outputTokens: 3,
  totalTokens: 24,
  cacheReadInputTokens: 4,
  cacheWriteInputTokens: 5,
};

async function eventsOf(
  script: readonly (ModelEvent | Error)[],
  input: Partial<ConverseCommandInput> = {},
): Promise<ConverseStreamOutput[]> {
  const { client } = await useBedrock(script);
  const { stream } = await client.send(new ConverseStreamCommand({ ...prompt, ...input }));
  const events: ConverseStreamOutput[] = [];
  for await (const event of stream!) events.push(event);
  return events;
}

test('ConverseStream sends the events of reasoning, text and a tool use as AWS does.', async () => {
  const script = reply([...reasoning, ...text('I ', 'ask.'), ...toolUse], {
    stopReason: 'toolUse',
  });
  const reasoned = (reasoningContent: object) => ({
    contentBlockDelta: { delta: { reasoningContent }, contentBlockIndex: 0 },
  });
  expect(await eventsOf(script)).toEqual([
    { messageStart: { role: 'assistant' } },
    reasoned({ text: 'Let me ' }),
    reasoned({ text: 'see.' }),
    reasoned({ signature: 'c2ln' }),
    { contentBlockStop: { contentBlockIndex: 0 } },
    {
      contentBlockDelta: {
        delta: { reasoningContent: { redactedContent: new Uint8Array([1, 2, 3]) } },
        contentBlockIndex: 1,
      },
    },
    { contentBlockStop: { contentBlockIndex: 1 } },
    { contentBlockDelta: { delta: { text: 'I ' }, contentBlockIndex: 2 } },
    { contentBlockDelta: { delta: { text: 'ask.' }, contentBlockIndex: 2 } },
    { contentBlockStop: { contentBlockIndex: 2 } },
    {
      contentBlockStart: {
        start: { toolUse: { toolUseId: 'tooluse_1', name: 'weather' } },
        contentBlockIndex: 3,
      },
    },
    { contentBlockDelta: { delta: { toolUse: { input: '{"city":' } }, contentBlockIndex: 3 } },
    { contentBlockDelta: { delta: { toolUse: { input: '"Oslo"}' } }, contentBlockIndex: 3 } },
    { contentBlockStop: { contentBlockIndex: 3 } },
    { messageStop: { stopReason: 'tool_use' } },
    { metadata: { usage, metrics: { latencyMs: expect.any(Number) } } },
  ]);
});

test('Converse returns the same blocks as a message.', async () => {
  const script = reply([...reasoning, ...text('I ', 'ask.'), ...toolUse], {
    stopReason: 'toolUse',
  });
  const { client } = await useBedrock(script);
  expect(await client.send(new ConverseCommand(prompt))).toEqual({
    $metadata: expect.anything(),
    output: {
      message: {
        role: 'assistant',
        content: [
          { reasoningContent: { reasoningText: { text: 'Let me see.', signature: 'c2ln' } } },
          { reasoningContent: { redactedContent: new Uint8Array([1, 2, 3]) } },
          { text: 'I ask.' },
          { toolUse: { toolUseId: 'tooluse_1', name: 'weather', input: { city: 'Oslo' } } },
        ],
      },
    },
    stopReason: 'tool_use',
    usage,
    metrics: { latencyMs: expect.any(Number) },
  });
});

test('The trace names a guardrail that intervenes, and the reply repeats the settings.', async () => {
  const script = reply(text('Blocked.'), { stopReason: 'guardrail' });
  const input: Partial<ConverseCommandInput> = {
    guardrailConfig: { guardrailIdentifier: 'gr1', guardrailVersion: '2', trace: 'enabled' },
    performanceConfig: { latency: 'optimized' },
    serviceTier: { type: 'flex' },
  };
  const served = {
    performanceConfig: { latency: 'optimized' },
    serviceTier: { type: 'flex' },
    trace: {
      guardrail: {
        actionReason: 'Guardrail blocked.',
        outputAssessments: {
          gr1: [
            {
              appliedGuardrailDetails: {
                guardrailId: 'gr1',
                guardrailVersion: '2',
                guardrailOrigin: ['REQUEST'],
                guardrailOwnership: 'SELF',
              },
            },
          ],
        },
      },
    },
  };
  const { client, requests } = await useBedrock(script);
  const whole = await client.send(new ConverseCommand({ ...prompt, ...input }));
  expect(whole).toMatchObject({ stopReason: 'guardrail_intervened', ...served });
  expect(requests[0]!.guardrail).toEqual({ id: 'gr1', version: '2' });
  const events = await eventsOf(script, input);
  expect(events.at(-2)).toEqual({ messageStop: { stopReason: 'guardrail_intervened' } });
  expect(events.at(-1)).toMatchObject({ metadata: served });
});

test('Requested fields of the model’s own reply are returned, and others left out.', async () => {
  const script = reply(text('Hi'), { stopReason: 'maxTokens' });
  const input = {
    modelId: NOVA,
    additionalModelResponseFieldPaths: [
      '/stopReason',
      '/usage/inputTokens',
      '/unknown',
      '/constructor',
    ],
  };
  const { client } = await useBedrock(script);
  const fields = { stopReason: 'max_tokens', usage: { inputTokens: 12 } };
  const whole = await client.send(new ConverseCommand({ ...prompt, ...input }));
  expect(whole.additionalModelResponseFields).toEqual(fields);
  const events = await eventsOf(script, input);
  expect(events.at(-2)).toEqual({
    messageStop: { stopReason: 'max_tokens', additionalModelResponseFields: fields },
  });
});

test.for([
  ['invalid', 400, 'ValidationException', 'ValidationException'],
  ['accessDenied', 403, 'AccessDeniedException', 'ModelStreamErrorException'],
  ['notFound', 404, 'ResourceNotFoundException', 'ModelStreamErrorException'],
  ['throttled', 429, 'ThrottlingException', 'ThrottlingException'],
  ['timeout', 408, 'ModelTimeoutException', 'ModelStreamErrorException'],
  ['unavailable', 503, 'ServiceUnavailableException', 'ServiceUnavailableException'],
  ['modelError', 424, 'ModelErrorException', 'ModelStreamErrorException'],
] as const)('The error %s is AWS’s, before the reply and during it.', async (error) => {
  const [kind, httpStatusCode, name, streamName] = error;
  const failure = new ModelError(kind, 'It failed.');
  const { client } = await useBedrock([failure]);
  for (const command of [new ConverseCommand(prompt), new ConverseStreamCommand(prompt)]) {
    await expect(client.send(command as ConverseCommand)).rejects.toMatchObject({
      name,
      message: 'It failed.',
      $metadata: { httpStatusCode },
    });
  }
  const [start, ...events] = reply(text('Hi', ' there'));
  await expect(eventsOf([start!, ...events.slice(0, 2), failure])).rejects.toMatchObject({
    name: streamName,
    message: 'It failed.',
  });
});

const body = JSON.stringify({ messages: prompt.messages });
const path = `/model/${encodeURIComponent(CLAUDE)}`;

test.for<[string, (url: string) => Promise<void>]>([
  [
    'HTTP/1.1',
    async (url) => {
      const response = await fetch(`${url}${path}/converse-stream`, { method: 'POST', body });
      const reader = response.body!.getReader();
      await reader.read();
      await reader.cancel();
    },
  ],
  [
    'HTTP/2',
    async (url) => {
      const session = connect(url);
      const stream = session.request({ ':method': 'POST', ':path': `${path}/converse-stream` });
      await once(stream.end(body), 'data');
      session.destroy();
    },
  ],
])('A client that cancels its stream over %s stops the backend.', async ([, readAndCancel]) => {
  const aborted = Promise.withResolvers<string>();
  const [start, ...events] = reply(text('Hi'));
  const { wire } = await useBedrock([], {
    async *invoke(_, { signal }): AsyncGenerator<ModelEvent> {
      signal.addEventListener('abort', () => aborted.resolve('aborted'));
      yield start!;
      yield* events.slice(0, 2);
      await aborted.promise;
    },
  });
  await readAndCancel(wire.url);
  expect(await aborted.promise).toBe('aborted');
});

test('A retry that may succeed is announced in a header.', async () => {
  const { wire } = await useBedrock([new ModelError('throttled', 'Slower, please.', 1.5)]);
  const answer = await wire.raw('POST', `${path}/converse`, { body });
  expect(answer).toMatchObject({
    status: 429,
    headers: { 'retry-after': '2', 'x-amzn-errortype': 'ThrottlingException' },
  });
});
