import { expect, test } from 'vitest';
import {
  writeAnthropicEvents,
  writeAnthropicReply,
} from '../../../../emulator/services/models/anthropic/anthropicReply.ts';
import { readAnthropicRequest } from '../../../../emulator/services/models/anthropic/anthropicRequest.ts';
import {
  readAnthropicEvents,
  readAnthropicReply,
} from '../../../../emulator/services/models/anthropic/readAnthropicReply.ts';
import { writeAnthropicRequest } from '../../../../emulator/services/models/anthropic/writeAnthropicRequest.ts';
import { collectReply, type ModelEvent } from '../../../../emulator/services/models/modelEvent.ts';
import type { ModelRequest } from '../../../../emulator/services/models/modelRequest.ts';
import {
  writeChatEvents,
  writeChatReply,
} from '../../../../emulator/services/models/openai/chatReply.ts';
import { readChatRequest } from '../../../../emulator/services/models/openai/chatRequest.ts';
import {
  readChatEvents,
  readChatReply,
} from '../../../../emulator/services/models/openai/readChatReply.ts';
import { writeChatRequest } from '../../../../emulator/services/models/openai/writeChatRequest.ts';
import { reasoning, text, toolUse, turn } from './modelTurns.ts';

const bytes = Buffer.from([0, 1, 2]);

const request: ModelRequest = {
  model: 'some-model',
  system: [{ text: 'Be brief.' }],
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Look' },
        { type: 'media', kind: 'image', mimeType: 'image/png', source: { type: 'bytes', bytes } },
        {
          type: 'media',
          kind: 'document',
          mimeType: 'application/pdf',
          name: 'a.pdf',
          source: { type: 'bytes', bytes },
        },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'Let me look.' },
        { type: 'toolUse', id: 'call_1', name: 'weather', input: { city: 'Bern' } },
      ],
    },
    {
      role: 'user',
      content: [
        {
          type: 'toolResult',
          id: 'call_1',
          content: [{ type: 'text', text: '20' }],
          isError: false,
        },
      ],
    },
  ],
  tools: [{ name: 'weather', description: 'Reads it', inputSchema: { type: 'object' } }],
  toolChoice: { type: 'any' },
  parallelToolUse: false,
  maxTokens: 5000,
  temperature: 0.5,
  topP: 0.9,
  stopSequences: ['END'],
  outputSchema: { type: 'object' },
};

const events = turn(
  [...text('Let me ', 'look.'), ...toolUse('call_1', 'weather', '{"ci', 'ty":"Bern"}')],
  { stopReason: 'toolUse' },
);

async function* stream(given: readonly ModelEvent[]): AsyncGenerator<ModelEvent> {
  yield* given;
}

/** An object as it arrives over the network. */
function sent(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object;
}

test('A request survives the protocol of Anthropic.', () => {
  expect(readAnthropicRequest(sent(writeAnthropicRequest(request)))).toEqual(request);
  const reasoned = {
    ...request,
    temperature: undefined,
    topP: undefined,
    reasoningTokens: 2000,
    toolChoice: { type: 'auto' as const },
  };
  expect(readAnthropicRequest(sent(writeAnthropicRequest(reasoned)))).toEqual(reasoned);
});

test('A request survives the protocol of OpenAI.', () => {
  for (const maxTokensField of ['max_tokens', 'max_completion_tokens'] as const) {
    const body = sent(writeChatRequest(request, { maxTokensField }));
    expect(body).toHaveProperty(maxTokensField, 5000);
    expect(readChatRequest(body)).toEqual(request);
  }
});

test('A reply survives the protocol of Anthropic, with and without a stream.', async () => {
  const all = turn([...reasoning('I think.', 'signed'), ...events.slice(1, -1)], {
    stopReason: 'toolUse',
  });
  const info = { id: 'msg_1', model: 'some-model' };
  const streamed: ModelEvent[] = [];
  for await (const event of readAnthropicEvents(writeAnthropicEvents(stream(all), info))) {
    streamed.push(event);
  }
  expect(streamed).toMatchObject(all);
  const reply = await collectReply(stream(all));
  const whole = readAnthropicReply(sent(writeAnthropicReply(reply, info)));
  expect(await collectReply(whole)).toEqual(reply);
});

test('A reply survives the protocol of OpenAI, with and without a stream.', async () => {
  const info = { id: 'chatcmpl-1', model: 'some-model', created: 0, includeUsage: true };
  const reply = await collectReply(stream(events));
  const { cacheReadTokens, outputTokens } = reply.end.usage;
  // The protocol has no field for tokens that were written to the cache.
  const usage = { inputTokens: 17, outputTokens, cacheReadTokens, cacheWriteTokens: 0 };
  const expected = { content: reply.content, end: { type: 'end', stopReason: 'toolUse', usage } };
  expect(await collectReply(readChatEvents(writeChatEvents(stream(events), info)))).toEqual(
    expected,
  );
  expect(await collectReply(readChatReply(sent(writeChatReply(reply, info))))).toEqual(expected);
});

test('A stream of another server may contain reasoning, and call tools without an ID.', async () => {
  const chunks = [
    { choices: [{ delta: { role: 'assistant', reasoning_content: 'I think.' } }] },
    { choices: [{ delta: { tool_calls: [{ index: 0, function: { name: 'weather' } }] } }] },
    { choices: [{ delta: {}, finish_reason: 'stop' }] },
  ];
  const { content, end } = await collectReply(readChatEvents(chunks));
  expect(content).toMatchObject([
    { type: 'reasoning', text: 'I think.' },
    { type: 'toolUse', name: 'weather', input: {} },
  ]);
  expect(end.stopReason).toBe('toolUse');
});

test('An Anthropic stream may send several message deltas, and is an error without message_stop.', async () => {
  async function* stream() {
    yield { type: 'message_start', message: { usage: { input_tokens: 5, output_tokens: 1 } } };
    yield { type: 'message_delta', delta: { stop_reason: null }, usage: { output_tokens: 2 } };
    yield {
      type: 'message_delta',
      delta: { stop_reason: 'max_tokens' },
      usage: { output_tokens: 9 },
    };
  }
  async function* ended() {
    yield* stream();
    yield { type: 'message_stop' };
  }
  const { end } = await collectReply(readAnthropicEvents(ended()));
  expect(end).toMatchObject({
    stopReason: 'maxTokens',
    usage: { inputTokens: 5, outputTokens: 9 },
  });
  await expect(collectReply(readAnthropicEvents(stream()))).rejects.toThrow(
    'The model server returned a stream that ended before its message_stop.',
  );
});

test('Arguments that were cut at the maximum number of tokens stay text.', async () => {
  const info = { id: 'chatcmpl-1', model: 'some-model', created: 0 };
  const cut = turn(toolUse('call_1', 'weather', '{"city":"Be'), { stopReason: 'maxTokens' });
  const { choices } = writeChatReply(await collectReply(stream(cut)), info);
  expect(choices[0]).toMatchObject({
    finish_reason: 'length',
    message: { tool_calls: [{ function: { name: 'weather', arguments: '{"city":"Be' } }] },
  });
});

test('Calls of a server that gives them all the same index are told apart by their IDs.', async () => {
  const call = (id: string, name: string) => ({
    choices: [
      { delta: { tool_calls: [{ index: 0, id, function: { name, arguments: '{"a":1}' } }] } },
    ],
  });
  const last = { choices: [{ delta: {}, finish_reason: 'tool_calls' }] };
  const chunks = [call('call_1', 'add'), call('call_2', 'multiply'), last];
  const { content } = await collectReply(readChatEvents(chunks));
  expect(content).toMatchObject([
    { type: 'toolUse', id: 'call_1', name: 'add', input: { a: 1 } },
    { type: 'toolUse', id: 'call_2', name: 'multiply', input: { a: 1 } },
  ]);
});

test('A stream without its end is an error.', async () => {
  const chunks = [{ choices: [{ delta: { content: 'Hello' } }] }];
  await expect(collectReply(readChatEvents(chunks))).rejects.toThrow(
    'The model server returned a stream that ended before its finish_reason.',
  );
});
