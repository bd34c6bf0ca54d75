import OpenAI from 'openai';
import type {
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from 'openai/resources/chat/completions';
import { expect, test } from 'vitest';
import { ModelError } from '../../../../../emulator/services/models/modelError.ts';
import { reasoning, text, toolUse, turn } from '../modelTurns.ts';
import { useProtocols } from '../useProtocols.ts';

const model = 'gpt-5.4';
const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: 'Weather in Bern?' }];
const prompt = { model, messages };
const weather: ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'weather',
    description: 'Reads the weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } } },
  },
};

const callWeather = turn(
  [
    ...reasoning('I need the weather.', 'signed'),
    ...text('Let me ', 'look.'),
    ...toolUse('call_1', 'weather', '{"ci', 'ty":"Bern"}'),
    ...toolUse('call_2', 'weather'),
  ],
  { stopReason: 'toolUse' },
);

test('A completion has the text, calls, finish reason and usage of the reply.', async () => {
  const { openai } = await useProtocols([callWeather]);
  const completion = await openai.chat.completions.create(prompt);
  expect(completion).toMatchObject({
    object: 'chat.completion',
    model,
    created: 1_700_000_000,
    choices: [
      {
        index: 0,
        finish_reason: 'tool_calls',
        message: {
          role: 'assistant',
          content: 'Let me look.',
          refusal: null,
          tool_calls: [
            {
              id: 'call_1',
              type: 'function',
              function: { name: 'weather', arguments: '{"city":"Bern"}' },
            },
            { id: 'call_2', type: 'function', function: { name: 'weather', arguments: '{}' } },
          ],
        },
      },
    ],
    usage: {
      prompt_tokens: 21,
      completion_tokens: 3,
      total_tokens: 24,
      prompt_tokens_details: { cached_tokens: 4 },
    },
  });
  expect(completion.id).toMatch(/^chatcmpl-\w+$/);
});

test('A stream accumulates to the completion of a request without a stream.', async () => {
  const { openai } = await useProtocols([callWeather]);
  const whole = await openai.chat.completions.create(prompt);
  const stream = openai.chat.completions.stream({
    ...prompt,
    stream_options: { include_usage: true },
  });
  const streamed = await stream.finalChatCompletion();
  const [expected] = whole.choices;
  const { annotations: _, ...message } = expected!.message;
  expect(streamed.choices).toMatchObject([{ ...expected, message }]);
  expect(streamed.usage).toEqual(whole.usage);
});

test('A stream contains its usage only if the client asks for it.', async () => {
  const { openai } = await useProtocols([turn(text('Hi'))]);
  const usages = [];
  for await (const chunk of await openai.chat.completions.create({ ...prompt, stream: true })) {
    usages.push(chunk.usage);
    expect(chunk.choices).toHaveLength(1);
  }
  expect(usages.every((usage) => usage === undefined)).toBe(true);
});

test('The runner of the SDK runs a tool loop to its end.', async () => {
  const call = turn(toolUse('call_1', 'weather', '{"city":"Bern"}'), { stopReason: 'toolUse' });
  const { openai, requests } = await useProtocols([call, turn(text('Sunny.'))]);
  const runner = openai.chat.completions.runTools({
    ...prompt,
    stream: true,
    tools: [
      {
        type: 'function',
        function: {
          name: 'weather',
          description: 'Reads the weather',
          parameters: { type: 'object', properties: { city: { type: 'string' } } },
          parse: JSON.parse,
          function: ({ city }: { city: string }) => `20 degrees in ${city}`,
        },
      },
    ],
  });
  expect(await runner.finalContent()).toBe('Sunny.');
  expect(requests[1]!.messages).toMatchObject([
    { role: 'user', content: [{ text: 'Weather in Bern?' }] },
    { role: 'assistant', content: [{ type: 'toolUse', id: 'call_1', input: { city: 'Bern' } }] },
    {
      role: 'user',
      content: [{ type: 'toolResult', id: 'call_1', content: [{ text: '20 degrees in Bern' }] }],
    },
  ]);
});

test('The model receives everything that a request contains.', async () => {
  const { openai, requests } = await useProtocols([turn(text('{}'))]);
  await openai.chat.completions.create({
    model,
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAEC' } },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
          {
            type: 'file',
            file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAEC' },
          },
        ],
      },
    ],
    tools: [weather, { type: 'function', function: { name: 'traffic' } }],
    tool_choice: {
      type: 'allowed_tools',
      allowed_tools: {
        mode: 'required',
        tools: [{ type: 'function', function: { name: 'weather' } }],
      },
    },
    parallel_tool_calls: false,
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'answer', schema: { type: 'object' } },
    },
    max_completion_tokens: 50,
    temperature: 1.5,
    top_p: 0.9,
    stop: 'END',
    reasoning_effort: 'low',
  });
  const bytes = Buffer.from([0, 1, 2]);
  expect(requests).toMatchObject([
    {
      model,
      system: [{ text: 'Be brief.' }, { text: 'Be kind.' }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look' },
            { kind: 'image', mimeType: 'image/png', source: { bytes } },
            { kind: 'image', source: { url: 'https://example.com/a.png' } },
            { kind: 'document', mimeType: 'application/pdf', name: 'a.pdf', source: { bytes } },
          ],
        },
      ],
      tools: [{ name: 'weather', description: 'Reads the weather' }],
      toolChoice: { type: 'any' },
      parallelToolUse: false,
      outputSchema: { type: 'object' },
      maxTokens: 50,
      temperature: 1.5,
      topP: 0.9,
      stopSequences: ['END'],
      reasoningTokens: 1024,
    },
  ]);
});

test.each([
  ['maxTokens', 'length'],
  ['contextWindowExceeded', 'length'],
  ['stopSequence', 'stop'],
  ['guardrail', 'content_filter'],
  ['contentFiltered', 'content_filter'],
] as const)('The stop reason %s is the finish reason %s.', async (stopReason, finishReason) => {
  const { openai } = await useProtocols([turn(text('Hi'), { stopReason })]);
  const { choices } = await openai.chat.completions.create(prompt);
  expect(choices).toMatchObject([{ finish_reason: finishReason }]);
});

test('A refusal has its own field, with and without a stream.', async () => {
  const { openai } = await useProtocols([turn([], { stopReason: 'refusal' })]);
  const { choices } = await openai.chat.completions.create(prompt);
  const refusal = 'The model refused to reply.';
  expect(choices).toMatchObject([{ message: { content: null, refusal } }]);
  const stream = openai.chat.completions.stream(prompt);
  expect((await stream.finalChatCompletion()).choices).toMatchObject([{ message: { refusal } }]);
});

test('An error before the reply has its status, code and request ID.', async () => {
  const { openai, spans } = await useProtocols([[new ModelError('throttled', 'Slow down.', 7)]]);
  const error = await openai.chat.completions.create(prompt).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OpenAI.RateLimitError);
  const { status, code, requestID, headers } = error as InstanceType<typeof OpenAI.APIError>;
  expect({ status, code }).toEqual({ status: 429, code: 'rate_limit_exceeded' });
  expect(headers!.get('retry-after')).toBe('7');
  await expect.poll(() => spans).toMatchObject([{ requestId: requestID, status: 429 }]);
});

test('An error during a stream ends it with the error.', async () => {
  const cut = [...turn(text('Hello')).slice(0, 2), new ModelError('unavailable', 'Overloaded.')];
  const { openai } = await useProtocols([cut]);
  const stream = openai.chat.completions.stream(prompt);
  const error = await stream.finalChatCompletion().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OpenAI.APIError);
  expect(error).toMatchObject({ code: 'service_unavailable' });
  expect((error as Error).message).toContain('Overloaded.');
});

const toolMessage = { role: 'tool', tool_call_id: 'call_1', content: 'Sunny' };
const calling = {
  role: 'assistant',
  tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{}' } }],
};

test.each<[string, object, string, string]>([
  ['no messages', { messages: undefined }, 'messages', 'required (array), but missing'],
  [
    'an unknown role',
    { messages: [{ role: 'robot', content: 'Hi' }] },
    'messages[0].role',
    'expected one of system, developer, user, assistant, tool, but got "robot"',
  ],
  [
    'content of the wrong type',
    { messages: [{ role: 'user', content: 5 }] },
    'messages[0].content',
    'expected array, but got 5',
  ],
  [
    'an image that is no URL',
    { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'a.png' } }] }] },
    'messages[0].content[0].image_url.url',
    'expected an HTTP URL or a base64 data URL, but got "a.png"',
  ],
  ['a high temperature', { temperature: 3 }, 'temperature', 'expected number to be <=2'],
  [
    'a result without a call',
    { messages: [...messages, toolMessage] },
    'messages',
    'the result of the tool call "call_1" does not follow',
  ],
  [
    'a call without a result',
    { messages: [...messages, calling, ...messages] },
    'messages',
    'the tool call "call_1" is not followed by a message with the role "tool".',
  ],
  [
    'an unknown function',
    { tools: [weather], tool_choice: { type: 'function', function: { name: 'traffic' } } },
    'tool_choice',
    'the function "traffic" is not declared.',
  ],
])('A request with %s is refused.', async (_, fields, param, problem) => {
  const { openai, requests } = await useProtocols([turn(text('Hi'))]);
  const error = await openai.chat.completions
    .create({ ...prompt, ...fields })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OpenAI.BadRequestError);
  expect(error).toMatchObject({ type: 'invalid_request_error', param });
  expect((error as Error).message).toContain(problem);
  expect(requests).toEqual([]);
});

test.each<[string, object, string]>([
  ['two choices', { n: 2 }, 'n'],
  ['audio', { modalities: ['text', 'audio'] }, 'modalities'],
  ['token probabilities', { logprobs: true }, 'logprobs'],
  ['functions', { functions: [] }, 'functions'],
  ['custom tools', { tools: [{ type: 'custom', custom: { name: 'shell' } }] }, 'tools[0].type'],
  [
    'a recording',
    { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }] },
    'messages[0].content[0]',
  ],
])('A request with %s is refused once, because it is not emulated.', async (_, fields, param) => {
  const { url, spans } = await useProtocols([turn(text('Hi'))]);
  const patient = new OpenAI({ baseURL: `${url}/openai/v1`, apiKey: 'local' });
  await expect(patient.chat.completions.create({ ...prompt, ...fields })).rejects.toMatchObject({
    status: 501,
    code: 'not_emulated',
    param,
  });
  expect(spans).toHaveLength(1);
});

test('Embeddings are numbers or 32-bit floats in base64.', async () => {
  const vectors = [
    [0.5, -0.25],
    [1, 0],
  ];
  const received: unknown[] = [];
  const { openai } = await useProtocols([], {
    async embed(request) {
      received.push(request);
      return { vectors, inputTokens: 6 };
    },
  });
  const request = { model: 'text-embedding-3-small', input: ['a', 'b'], dimensions: 2 };
  // The SDK asks for base64 and decodes it, unless the caller chooses a format.
  const decoded = await openai.embeddings.create(request);
  const floats = await openai.embeddings.create({ ...request, encoding_format: 'float' });
  expect(decoded.data.map(({ embedding }) => Array.from(embedding))).toEqual(vectors);
  expect(floats.data.map(({ embedding }) => embedding)).toEqual(vectors);
  expect(floats.usage).toEqual({ prompt_tokens: 6, total_tokens: 6 });
  expect(received[0]).toEqual({ model: request.model, texts: ['a', 'b'], dimensions: 2 });
  await expect(openai.embeddings.create({ model: 'm', input: [1, 2] })).rejects.toMatchObject({
    status: 501,
    param: 'input',
  });
  await expect(openai.embeddings.create({ model: 'm', input: '' })).rejects.toMatchObject({
    status: 400,
    param: 'input[0]',
  });
});

test('The list of models has the backend, and every model can be described.', async () => {
  const { openai } = await useProtocols([]);
  expect((await openai.models.list()).data).toMatchObject([{ id: 'test', object: 'model' }]);
  expect(await openai.models.retrieve('meta/llama')).toMatchObject({ id: 'meta/llama' });
});
