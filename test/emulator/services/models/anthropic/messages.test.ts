import Anthropic from '@anthropic-ai/sdk';
import type { MessageParam, Tool } from '@anthropic-ai/sdk/resources/messages';
import { expect, test } from 'vitest';
import { ModelError } from '../../../../../emulator/services/models/modelError.ts';
import { reasoning, text, toolUse, turn } from '../modelTurns.ts';
import { useProtocols } from '../useProtocols.ts';

const model = 'claude-sonnet-5';
const messages: MessageParam[] = [{ role: 'user', content: 'Weather in Bern?' }];
const prompt = { model, max_tokens: 100, messages };
const weather: Tool = {
  name: 'weather',
  description: 'Reads the weather',
  input_schema: { type: 'object', properties: { city: { type: 'string' } } },
};

const callWeather = turn(
  [
    ...reasoning('I need the weather.', 'signed'),
    ...text('Let me ', 'look.'),
    ...toolUse('toolu_1', 'weather', '{"ci', 'ty":"Bern"}'),
    ...toolUse('toolu_2', 'weather'),
  ],
  { stopReason: 'toolUse' },
);

test('A message has the blocks, stop reason and usage of the reply.', async () => {
  const { anthropic } = await useProtocols([callWeather]);
  const message = await anthropic.messages.create(prompt);
  expect(message).toMatchObject({
    type: 'message',
    role: 'assistant',
    model,
    content: [
      { type: 'thinking', thinking: 'I need the weather.', signature: 'signed' },
      { type: 'text', text: 'Let me look.' },
      { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Bern' } },
      { type: 'tool_use', id: 'toolu_2', name: 'weather', input: {} },
    ],
    stop_reason: 'tool_use',
    usage: {
      input_tokens: 12,
      output_tokens: 3,
      cache_read_input_tokens: 4,
      cache_creation_input_tokens: 5,
    },
  });
  expect(message.id).toMatch(/^msg_\w+$/);
});

test('A stream accumulates to the message of a request without a stream.', async () => {
  const { anthropic } = await useProtocols([callWeather]);
  const { id: _, _request_id: __, ...whole } = await anthropic.messages.create(prompt);
  const stream = anthropic.messages.stream(prompt);
  const types: string[] = [];
  stream.on('streamEvent', ({ type }) => void types.push(type));
  const { id, ...streamed } = await stream.finalMessage();
  expect(id).toMatch(/^msg_\w+$/);
  expect(streamed).toMatchObject(whole);
  expect(types[0]).toBe('message_start');
  expect(types.slice(-2)).toEqual(['message_delta', 'message_stop']);
  expect(types.filter((type) => type === 'content_block_start')).toHaveLength(4);
  expect(types.filter((type) => type === 'content_block_stop')).toHaveLength(4);
});

test('A tool loop runs to its end.', async () => {
  const { anthropic, requests } = await useProtocols([callWeather, turn(text('Sunny.'))]);
  const first = await anthropic.messages.stream({ ...prompt, tools: [weather] }).finalMessage();
  const results = first.content.flatMap((block) =>
    block.type === 'tool_use'
      ? [{ type: 'tool_result' as const, tool_use_id: block.id, content: '20 degrees' }]
      : [],
  );
  const last = await anthropic.messages.create({
    ...prompt,
    tools: [weather],
    messages: [
      ...messages,
      { role: 'assistant', content: first.content },
      { role: 'user', content: results },
    ],
  });
  expect(last.content).toMatchObject([{ type: 'text', text: 'Sunny.' }]);
  expect(requests[1]!.messages).toMatchObject([
    { role: 'user', content: [{ type: 'text', text: 'Weather in Bern?' }] },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'I need the weather.', signature: 'signed' },
        { type: 'text' },
        { type: 'toolUse', id: 'toolu_1', input: { city: 'Bern' } },
        { type: 'toolUse', id: 'toolu_2', input: {} },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'toolResult', id: 'toolu_1', content: [{ text: '20 degrees' }], isError: false },
        { type: 'toolResult', id: 'toolu_2' },
      ],
    },
  ]);
});

/** The current SDK has no types for what older models accept. */
const sampling = { temperature: 0.5, top_p: 0.9, top_k: 5 };

test('The model receives everything that a request contains.', async () => {
  const { anthropic, requests } = await useProtocols([turn(text('Hi'))]);
  await anthropic.messages.create({
    model,
    max_tokens: 5000,
    system: [
      { type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: 'Be kind.' },
    ],
    messages: [
      {
        role: 'user',
        content: [
          {
            type: 'image',
            source: { type: 'base64', media_type: 'image/png', data: 'AAEC' },
            cache_control: { type: 'ephemeral', ttl: '1h' },
          },
          { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
          {
            type: 'document',
            title: 'Notes',
            source: { type: 'text', media_type: 'text/plain', data: 'Note' },
          },
          {
            type: 'document',
            source: { type: 'base64', media_type: 'application/pdf', data: 'AAEC' },
          },
        ],
      },
    ],
    tools: [weather],
    tool_choice: { type: 'tool', name: 'weather', disable_parallel_tool_use: true },
    ...sampling,
    stop_sequences: ['END'],
    thinking: { type: 'enabled', budget_tokens: 2000 },
    output_config: { format: { type: 'json_schema', schema: { type: 'object' } } },
  });
  const bytes = Buffer.from([0, 1, 2]);
  expect(requests).toMatchObject([
    {
      model,
      maxTokens: 5000,
      system: [{ text: 'Be brief.', cachePoint: true }, { text: 'Be kind.' }],
      messages: [
        {
          content: [
            { kind: 'image', mimeType: 'image/png', source: { bytes }, cachePoint: true },
            { kind: 'image', source: { url: 'https://example.com/a.png' } },
            { kind: 'document', mimeType: 'text/plain', name: 'Notes' },
            { kind: 'document', mimeType: 'application/pdf', source: { bytes } },
          ],
        },
      ],
      tools: [{ name: 'weather', description: 'Reads the weather' }],
      toolChoice: { type: 'tool', name: 'weather' },
      parallelToolUse: false,
      temperature: 0.5,
      topP: 0.9,
      topK: 5,
      stopSequences: ['END'],
      reasoningTokens: 2000,
      outputSchema: { type: 'object' },
    },
  ]);
});

test('Fields and headers of betas are ignored.', async () => {
  const { anthropic } = await useProtocols([turn(text('Hi'))]);
  const message = await anthropic.beta.messages.create({
    ...prompt,
    betas: ['context-management-2025-06-27'],
    context_management: { edits: [] },
  });
  expect(message.content).toMatchObject([{ text: 'Hi' }]);
});

test('A guardrail is a refusal that explains itself.', async () => {
  const blocked = turn(text('Blocked.'), { stopReason: 'guardrail' });
  const { anthropic } = await useProtocols([blocked]);
  const message = await anthropic.messages.stream(prompt).finalMessage();
  expect(message).toMatchObject({
    stop_reason: 'refusal',
    stop_details: { type: 'refusal', explanation: 'A guardrail intervened.' },
  });
});

test('A stop sequence is a part of the message.', async () => {
  const stopped = turn(text('One'), { stopReason: 'stopSequence', stopSequence: 'END' });
  const { anthropic } = await useProtocols([stopped]);
  const message = await anthropic.messages.stream(prompt).finalMessage();
  expect(message).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'END' });
});

test('Tokens are counted without a limit for the reply.', async () => {
  const { anthropic, requests } = await useProtocols([]);
  const count = await anthropic.messages.countTokens({ model, messages, system: 'Be brief.' });
  expect(count).toEqual({ input_tokens: 42 });
  expect(requests).toMatchObject([{ system: [{ text: 'Be brief.' }] }]);
});

test('The list of models has the backend, and every model can be described.', async () => {
  const { anthropic } = await useProtocols([]);
  const { data } = await anthropic.models.list();
  expect(data).toMatchObject([{ id: 'test', type: 'model' }]);
  expect(await anthropic.models.retrieve(model)).toMatchObject({ id: model });
});

test('Clients can check that they reach the API.', async () => {
  const { url } = await useProtocols([]);
  expect((await fetch(`${url}/anthropic`, { method: 'HEAD' })).status).toBe(200);
  expect((await fetch(`${url}/anthropic/`)).status).toBe(200);
});

test('An error before the reply has its status, type and request ID.', async () => {
  const { anthropic, spans } = await useProtocols([[new ModelError('throttled', 'Slow down.', 7)]]);
  const error = await anthropic.messages.create(prompt).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Anthropic.RateLimitError);
  const { status, type, requestID, headers } = error as InstanceType<typeof Anthropic.APIError>;
  expect({ status, type }).toEqual({ status: 429, type: 'rate_limit_error' });
  expect(headers!.get('retry-after')).toBe('7');
  await expect.poll(() => spans).toMatchObject([{ requestId: requestID, status: 429 }]);
});

test('An error during a stream is an event.', async () => {
  const cut = [...turn(text('Hello')).slice(0, 2), new ModelError('unavailable', 'Overloaded.')];
  const { anthropic } = await useProtocols([cut]);
  const error = await anthropic.messages
    .stream(prompt)
    .finalMessage()
    .catch((thrown) => thrown);
  expect(error).toBeInstanceOf(Anthropic.APIError);
  expect((error as InstanceType<typeof Anthropic.APIError>).error).toMatchObject({
    type: 'error',
    error: { type: 'overloaded_error', message: 'Overloaded.' },
  });
});

const toolResult = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'Sunny' };
const call = { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} };

test.each<[string, object, string]>([
  ['no limit', { max_tokens: undefined }, 'max_tokens: required (number), but missing'],
  ['a limit of text', { max_tokens: 'many' }, 'max_tokens: expected number, but got "many"'],
  ['no messages', { messages: [] }, 'messages: expected at least one message, but got []'],
  [
    'an unknown role',
    { messages: [{ role: 'robot', content: 'Hi' }] },
    'messages.0.role: expected one of "user"|"assistant"|"system", but got "robot"',
  ],
  [
    'an unknown block',
    { messages: [{ role: 'user', content: [{ type: 'smell' }] }] },
    'messages.0.content.0.type: expected one of text, image, document, search_result, tool_use, tool_result, thinking, redacted_thinking, but got "smell"',
  ],
  [
    'a result without a call',
    { messages: [{ role: 'user', content: [toolResult] }] },
    'messages.0.content: the tool_result "toolu_1" has no tool_use in the previous message.',
  ],
  [
    'a call without a result',
    { messages: [...messages, { role: 'assistant', content: [call] }, ...messages] },
    'messages.1.content: the tool_use "toolu_1" has no tool_result in the next message.',
  ],
  [
    'a call by the user',
    { messages: [{ role: 'user', content: [call] }] },
    'messages.0.content.0.type: "tool_use" blocks belong in messages with the role "assistant"',
  ],
  [
    'a budget above the limit',
    { thinking: { type: 'enabled', budget_tokens: 1024 } },
    'max_tokens: 100 must be greater than thinking.budget_tokens, which is 1024',
  ],
  [
    'an unknown tool',
    { tools: [weather], tool_choice: { type: 'tool', name: 'traffic' } },
    'tool_choice.name: "traffic" is not a declared tool.',
  ],
])('A request with %s is refused.', async (_, fields, problem) => {
  const { anthropic, requests } = await useProtocols([turn(text('Hi'))]);
  const error = await anthropic.messages
    .create({ ...prompt, ...fields })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Anthropic.BadRequestError);
  const { type, apiMessage } = error as InstanceType<typeof Anthropic.APIError>;
  expect(type).toBe('invalid_request_error');
  expect(apiMessage).toContain(problem);
  expect(requests).toEqual([]);
});

test('Tools of the server are refused once, with what to do.', async () => {
  const { url, spans } = await useProtocols([turn(text('Hi'))]);
  const patient = new Anthropic({ baseURL: `${url}/anthropic`, apiKey: 'local' });
  const request = patient.messages.create({
    ...prompt,
    tools: [{ type: 'web_search_20250305', name: 'web_search' }],
  });
  await expect(request).rejects.toMatchObject({
    status: 501,
    apiMessage:
      'tools.0.type: the tool "web_search_20250305" is not emulated. Declare a tool with name, description and input_schema.',
  });
  expect(spans).toHaveLength(1);
});

test('Text that is not JSON, and paths that do not exist, get an error of the protocol.', async () => {
  const { url } = await useProtocols([]);
  const invalid = await fetch(`${url}/anthropic/v1/messages`, { method: 'POST', body: '{"a' });
  expect(invalid.status).toBe(400);
  expect(await invalid.json()).toMatchObject({
    type: 'error',
    error: { type: 'invalid_request_error' },
    request_id: invalid.headers.get('request-id'),
  });
  const missing = await fetch(`${url}/anthropic/v1/files`);
  expect(missing.status).toBe(404);
  expect(await missing.json()).toMatchObject({ error: { type: 'not_found_error' } });
});

test('A request that is too large gets an error of the protocol.', async () => {
  const { anthropic } = await useProtocols([]);
  const content = 'x'.repeat(33 * 1024 * 1024);
  const request = anthropic.messages.create({ ...prompt, messages: [{ role: 'user', content }] });
  await expect(request).rejects.toMatchObject({ status: 413, type: 'request_too_large' });
});

test('A request continues the thread of a message, with the fields and messages before it.', async () => {
  const { anthropic, requests } = await useProtocols([
    turn(text('Hello.')),
    turn(text('Ada.')),
    turn(text('Bye.')),
  ]);
  const betas = ['message-threads-2026-08-12'];
  const options = { model, max_tokens: 100, betas };
  const user = (content: string) => ({ role: 'user' as const, content });
  const first = await anthropic.beta.messages.create({
    ...options,
    system: 'Be brief.',
    tools: [weather],
    messages: [user('I am Ada.')],
    thread: { type: 'create' },
  });
  const next = (id: string, content: string) => ({
    ...options,
    messages: [user(content)],
    thread: { type: 'continue' as const, previous_message_id: id },
  });
  const second = await anthropic.beta.messages.stream(next(first.id, 'Who am I?')).finalMessage();
  await anthropic.beta.messages.create(next(second.id, 'Bye.'));
  const [, , request] = requests;
  expect(request).toMatchObject({ system: [{ text: 'Be brief.' }], tools: [{ name: 'weather' }] });
  expect(request!.messages.map(({ content: [block] }) => block)).toMatchObject(
    ['I am Ada.', 'Hello.', 'Who am I?', 'Ada.', 'Bye.'].map((each) => ({ text: each })),
  );

  await expect(
    anthropic.beta.messages.create({ ...next(first.id, 'Hi'), system: 'Be verbose.' }),
  ).rejects.toThrow('system: is a field of the request that creates the thread. Remove it.');
  const lost = anthropic.beta.messages.create(next('msg_other', 'Hi'));
  await expect(lost).rejects.toMatchObject({
    status: 404,
    error: { error: { type: 'not_found_error', details: { error_code: 'thread_not_found' } } },
  });
});
