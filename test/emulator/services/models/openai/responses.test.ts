import OpenAI from 'openai';
import type {
  ResponseCompletedEvent,
  ResponseInput,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';
import { expect, test } from 'vitest';
import type { Caller } from '../../../../../emulator/caller.ts';
import { ModelError } from '../../../../../emulator/services/models/modelError.ts';
import { reasoning, text, toolUse, turn } from '../modelTurns.ts';
import { useProtocols } from '../useProtocols.ts';

const model = 'gpt-5.4';
const prompt = { model, input: 'Weather in Bern?' };
const weather = {
  type: 'function' as const,
  name: 'weather',
  description: 'Reads the weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
  strict: false,
};

const callWeather = turn(
  [
    ...reasoning('I need the weather.', 'signed'),
    ...text('Let me ', 'look.'),
    ...toolUse('call_1', 'weather', '{"ci', 'ty":"Bern"}'),
  ],
  { stopReason: 'toolUse' },
);

const bern = {
  type: 'function_call',
  call_id: 'call_1',
  name: 'weather',
  arguments: '{"city":"Bern"}',
  status: 'completed',
};

test('A response has an item for each block, and the usage of the reply.', async () => {
  const { openai } = await useProtocols([callWeather]);
  const response = await openai.responses.create({
    ...prompt,
    instructions: 'Be brief.',
    tools: [weather],
    metadata: { topic: 'weather' },
  });
  expect(response).toMatchObject({
    object: 'response',
    status: 'completed',
    error: null,
    incomplete_details: null,
    created_at: 1_700_000_000,
    model,
    instructions: 'Be brief.',
    tools: [weather],
    metadata: { topic: 'weather' },
    output: [
      { type: 'reasoning', summary: [] },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text' }] },
      bern,
    ],
    usage: {
      input_tokens: 21,
      input_tokens_details: { cached_tokens: 4 },
      output_tokens: 3,
      total_tokens: 24,
    },
  });
  expect(response.output_text).toBe('Let me look.');
});

test('A stream has all events in order, and accumulates to its last response.', async () => {
  const { openai } = await useProtocols([callWeather]);
  const stream = openai.responses.stream({ ...prompt, reasoning: { summary: 'auto' } });
  const events: ResponseStreamEvent[] = [];
  for await (const event of stream) events.push(event);
  expect(events.map(({ type }) => type.replace('response.', ''))).toEqual([
    'created',
    'in_progress',
    'output_item.added',
    'reasoning_summary_part.added',
    'reasoning_summary_text.delta',
    'reasoning_summary_text.done',
    'reasoning_summary_part.done',
    'output_item.done',
    'output_item.added',
    'content_part.added',
    'output_text.delta',
    'output_text.delta',
    'output_text.done',
    'content_part.done',
    'output_item.done',
    'output_item.added',
    'function_call_arguments.delta',
    'function_call_arguments.delta',
    'function_call_arguments.done',
    'output_item.done',
    'completed',
  ]);
  expect(events.map((event) => event.sequence_number)).toEqual([...events.keys()]);
  const final = await stream.finalResponse();
  expect(final.output).toMatchObject([
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 'I need the weather.' }] },
    { type: 'message', content: [{ text: 'Let me look.' }] },
    bern,
  ]);
  const last = events.at(-1) as ResponseCompletedEvent;
  expect(final.output).toMatchObject(last.response.output);
});

test('A tool loop runs to its end with the output as input.', async () => {
  const { openai, requests } = await useProtocols([callWeather, turn(text('Sunny.'))]);
  const input: ResponseInput = [{ role: 'user', content: 'Weather in Bern?' }];
  const options = {
    model,
    tools: [weather],
    store: false,
    include: ['reasoning.encrypted_content' as const],
  };
  const first = await openai.responses.create({ ...options, input });
  const last = await openai.responses.create({
    ...options,
    input: [
      ...input,
      ...(first.output as ResponseInput),
      { type: 'function_call_output', call_id: 'call_1', output: '20 degrees' },
    ],
  });
  expect(last.output_text).toBe('Sunny.');
  expect(requests[1]!.messages).toMatchObject([
    { role: 'user', content: [{ text: 'Weather in Bern?' }] },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'I need the weather.', signature: 'signed' },
        { type: 'text', text: 'Let me look.' },
        { type: 'toolUse', id: 'call_1', input: { city: 'Bern' } },
      ],
    },
    { role: 'user', content: [{ type: 'toolResult', id: 'call_1' }] },
  ]);
});

test('A request continues an earlier response, without its instructions.', async () => {
  const { openai, requests } = await useProtocols([callWeather, turn(text('Sunny.'))]);
  const first = await openai.responses
    .stream({ ...prompt, instructions: 'Be brief.', tools: [weather] })
    .finalResponse();
  const second = await openai.responses.create({
    model,
    previous_response_id: first.id,
    tools: [weather],
    input: [{ type: 'function_call_output', call_id: 'call_1', output: '20 degrees' }],
  });
  expect(second.previous_response_id).toBe(first.id);
  expect(requests[0]!.system).toEqual([{ text: 'Be brief.' }]);
  expect(requests[1]!.system).toEqual([]);
  expect(requests[1]!.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  expect(await openai.responses.retrieve(first.id)).toMatchObject({ id: first.id });
});

test('A response that is deleted or not stored cannot be continued.', async () => {
  const { openai } = await useProtocols([turn(text('Hi'))]);
  const deleted = await openai.responses.create(prompt);
  await openai.responses.delete(deleted.id);
  const unstored = await openai.responses.create({ ...prompt, store: false });
  for (const { id } of [deleted, unstored]) {
    const next = openai.responses.create({ ...prompt, previous_response_id: id });
    await expect(next).rejects.toMatchObject({ status: 400, param: 'previous_response_id' });
    await expect(openai.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
  }
});

test('A session cannot continue the response of another.', async () => {
  const { openai, callAs } = await useProtocols([turn(text('Hi'))]);
  callAs(callerOf('first'));
  const { id } = await openai.responses.create(prompt);
  callAs(callerOf('second'));
  const stolen = openai.responses.create({ ...prompt, previous_response_id: id });
  await expect(stolen).rejects.toMatchObject({ status: 400 });
  callAs(callerOf('first'));
  await openai.responses.create({ ...prompt, previous_response_id: id });
});

function callerOf(sessionId: string): Caller {
  const run = { runtimeId: 'agent-1', sessionId, run: 1 };
  return {
    agent: { source: { name: 'agent' } },
    session: () => ({ run, requests: () => [] }),
  };
}

test('The model receives everything that a request contains.', async () => {
  const { openai, requests } = await useProtocols([turn(text('{}'))]);
  await openai.responses.create({
    model,
    instructions: 'Be brief.',
    input: [
      { role: 'developer', content: 'Be kind.' },
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: 'Look' },
          { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,AAEC' },
          { type: 'input_file', filename: 'a.pdf', file_url: 'https://example.com/a.pdf' },
        ],
      },
      { role: 'assistant', content: 'A picture' },
    ],
    tools: [weather],
    tool_choice: { type: 'function', name: 'weather' },
    parallel_tool_calls: false,
    text: { format: { type: 'json_object' } },
    reasoning: { effort: 'low' },
    max_output_tokens: 50,
    temperature: 1.5,
    top_p: 0.9,
  });
  expect(requests).toMatchObject([
    {
      model,
      system: [{ text: 'Be brief.' }, { text: 'Be kind.' }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look' },
            { kind: 'image', mimeType: 'image/png' },
            { kind: 'document', name: 'a.pdf', source: { url: 'https://example.com/a.pdf' } },
          ],
        },
        { role: 'assistant', content: [{ type: 'text', text: 'A picture' }] },
      ],
      tools: [{ name: 'weather' }],
      toolChoice: { type: 'tool', name: 'weather' },
      parallelToolUse: false,
      outputSchema: {},
      reasoningTokens: 1024,
      maxTokens: 50,
      temperature: 1.5,
      topP: 0.9,
    },
  ]);
});

test.each([
  ['maxTokens', 'max_output_tokens'],
  ['guardrail', 'content_filter'],
] as const)('The stop reason %s makes a response incomplete.', async (stopReason, reason) => {
  const { openai } = await useProtocols([turn(text('Hi'), { stopReason })]);
  const incomplete = { status: 'incomplete', incomplete_details: { reason } };
  expect(await openai.responses.create(prompt)).toMatchObject(incomplete);
  expect(await openai.responses.stream(prompt).finalResponse()).toMatchObject(incomplete);
});

test('A refusal is a part of its own.', async () => {
  const { openai } = await useProtocols([turn([], { stopReason: 'refusal' })]);
  const { output } = await openai.responses.stream(prompt).finalResponse();
  const refusal = { type: 'refusal', refusal: 'The model refused to reply.' };
  expect(output).toMatchObject([{ type: 'message', content: [refusal] }]);
});

test('An error during a stream is an event.', async () => {
  const cut = [...turn(text('Hello')).slice(0, 3), new ModelError('throttled', 'Slow down.')];
  const { openai } = await useProtocols([cut]);
  const read = async () => {
    for await (const _ of await openai.responses.create({ ...prompt, stream: true }));
  };
  const error = await read().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OpenAI.APIError);
  expect(error).toMatchObject({ code: 'rate_limit_exceeded' });
});

test.each<[string, object, number, string, string]>([
  ['no input', { input: undefined }, 400, 'input', 'required (array), but missing'],
  [
    'an unknown item',
    { input: [{ type: 'smell' }] },
    400,
    'input[0].type',
    'expected one of message, function_call, function_call_output, reasoning, but got "smell"',
  ],
  [
    'an output without a call',
    { input: [{ type: 'function_call_output', call_id: 'call_1', output: 'Sunny' }] },
    400,
    'input',
    'the function_call_output "call_1" has no function_call.',
  ],
  [
    'a call without an output',
    { input: [{ role: 'user', content: 'Hi' }, bern] },
    400,
    'input',
    'the function_call "call_1" has no function_call_output.',
  ],
  ['a tool without a name', { tools: [{ type: 'function' }] }, 400, 'tools[0].name', 'expected'],
  [
    'a tool of the server',
    { tools: [{ type: 'web_search' }] },
    501,
    'tools[0].type',
    'the tool "web_search" is not emulated.',
  ],
  ['background work', { background: true }, 501, 'background', 'Use stream.'],
])('A request with %s is refused.', async (_, fields, status, param, problem) => {
  const { openai, requests } = await useProtocols([turn(text('Hi'))]);
  const error = await openai.responses
    .create({ ...prompt, ...fields })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ status, param });
  expect((error as Error).message).toContain(problem);
  expect(requests).toEqual([]);
});
