import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { composeReply } from '../../../../../emulator/services/models/offline/offlineReply.ts';
import type { ModelRequest } from '../../../../../emulator/services/models/modelRequest.ts';
import { exchange, request, tool } from './request.ts';

const string = { type: 'string' };
const weather = tool('get_weather', 'Returns the weather of a city.', { city: string });
const time = tool('get_time', 'Returns the time of a city.', { city: string });
const answer = tool('Answer', 'The structured answer.', {
  city: string,
  celsius: { type: 'number' },
});

function calls(asked: ModelRequest): unknown[] {
  return composeReply(asked).content.flatMap((block) =>
    block.type === 'toolUse' ? [[block.name, block.input]] : [],
  );
}

function text(asked: ModelRequest): string {
  return composeReply(asked)
    .content.flatMap((block) => (block.type === 'text' ? [block.text] : []))
    .join('');
}

describe('Tools', () => {
  test('are called in parallel, with IDs of their own.', () => {
    const reply = composeReply(
      request(['What are the time and the weather in Paris?'], { tools: [weather, time] }),
    );
    expect(reply.stopReason).toBe('toolUse');
    expect(reply.content).toMatchObject([
      { name: 'get_weather', input: { city: 'Paris' } },
      { name: 'get_time', input: { city: 'Paris' } },
    ]);
    const ids = reply.content.map((block) => (block.type === 'toolUse' ? block.id : ''));
    expect(new Set(ids).size).toBe(2);
  });

  test('are called once for a prompt; the reply is then a summary.', () => {
    const asked = request(
      [
        'Weather in Paris?',
        ...exchange('get_weather', { city: 'Paris' }, '{"celsius":18,"sky":"clear"}'),
      ],
      { tools: [weather] },
    );
    expect(calls(asked)).toEqual([]);
    expect(text(asked)).toContain('get_weather returned celsius: 18, sky: clear');
  });

  test('are not called again with other arguments than their results have.', () => {
    const messages = ['Weather in Paris?', ...exchange('get_weather', { city: 'Rome' }, 'sunny')];
    expect(calls(request(messages, { tools: [weather, time] }))).toEqual([]);
  });

  test('are called again when the user asks again.', () => {
    const messages = [
      'Weather in Paris?',
      ...exchange('get_weather', { city: 'Paris' }, 'sunny'),
      { role: 'assistant' as const, content: [{ type: 'text' as const, text: 'It is sunny.' }] },
      {
        role: 'user' as const,
        content: [{ type: 'text' as const, text: 'And the weather in Paris now?' }],
      },
    ];
    expect(calls(request(messages, { tools: [weather] }))).toEqual([
      ['get_weather', { city: 'Paris' }],
    ]);
  });

  test('that fail are reported.', () => {
    const messages = ['Weather in Paris?', ...exchange('get_weather', {}, 'no network', true)];
    expect(text(request(messages))).toContain('get_weather failed: no network');
  });

  test('are not called if the request allows none.', () => {
    const asked = request(['Weather in Paris?'], {
      tools: [weather],
      toolChoice: { type: 'none' },
    });
    expect(calls(asked)).toEqual([]);
  });

  test('are called without a match if one is required.', () => {
    const asked = request(['Hello'], { tools: [weather, time], toolChoice: { type: 'any' } });
    expect(calls(asked)).toHaveLength(1);
  });

  test('that were called do not satisfy a requirement again.', () => {
    const messages = [
      'Weather in Paris?',
      ...exchange('get_weather', { city: 'Paris' }, '18 degrees celsius'),
    ];
    const more = { toolChoice: { type: 'any' as const } };
    expect(calls(request(messages, { ...more, tools: [weather, answer] }))).toEqual([
      ['Answer', { city: 'Paris', celsius: 18 }],
    ]);
    expect(calls(request(messages, { ...more, tools: [weather] }))).toEqual([]);
  });

  test('that are named get their arguments from the conversation.', () => {
    const messages = [
      'It is 21 degrees celsius in Rome.',
      'Noted.',
      'You must format the previous response as structured output.',
    ];
    const toolChoice = { type: 'tool' as const, name: 'Answer' };
    expect(calls(request(messages, { tools: [weather, answer], toolChoice }))).toEqual([
      ['Answer', { city: 'Rome', celsius: 21 }],
    ]);
  });

  test('that are not declared cannot be required.', () => {
    const toolChoice = { type: 'tool' as const, name: 'other' };
    expect(() => composeReply(request(['Hi'], { tools: [weather], toolChoice }))).toThrow(
      "toolChoice: 'other' is not a declared tool. Declared: get_weather.",
    );
  });
});

describe('Text', () => {
  test('begins with a notice in the first reply only.', () => {
    const notice = 'offline model (choose another with `--model`)';
    expect(text(request(['Hello']))).toContain(notice);
    expect(text(request(['Hello', 'Hi.', 'What now?']))).not.toContain(notice);
  });

  test('refers to the prompt and to the system prompt.', () => {
    const reply = text(
      request(['Sing a song'], { system: [{ text: 'You are a pirate. Be rude.' }] }),
    );
    expect(reply).toContain('"Sing a song"');
    expect(reply).toContain('"You are a pirate."');
  });

  test('does not refer to reminders of the agent.', () => {
    const reminder = '<system-reminder>The weather is bad.</system-reminder>';
    const reply = text(request([`${reminder} Sing ${reminder} a song`], { tools: [weather] }));
    expect(reply).toContain('"Sing a song"');
  });

  test.for([
    [['My name is Ada', 'Hello.', 'What is my name?'], 'Your name is Ada.'],
    [['I am Ada Lovelace. Hello!', 'Hello.', 'Who am I?'], 'Your name is Ada Lovelace.'],
    [
      ['My favorite color is blue and my cat is called Tom', 'Noted.', "What's my favorite color?"],
      'Your favorite color is blue.',
    ],
    [
      ['My name is Ada', 'a', 'My name is Eve', 'b', 'Do you remember my name?'],
      'Your name is Eve.',
    ],
    [['Hello', 'Hi.', 'What is my name?'], 'You did not tell me your name'],
    [['One', 'a', 'Two', 'b', 'What did I ask before?'], '1. "One"\n2. "Two"'],
    [['One', 'a', 'Two', 'b', 'What was my first question?'], 'You first asked: "One"'],
    [['What did I ask before?'], 'You did not ask anything before'],
  ] as const)('remembers %j.', ([messages, expected]) => {
    expect(text(request(messages))).toContain(expected);
  });

  test('names images and documents with their size.', () => {
    const media = (kind: 'image' | 'document', mimeType: string, size: number) => ({
      type: 'media' as const,
      kind,
      mimeType,
      source: { type: 'bytes' as const, bytes: new Uint8Array(size) },
    });
    const content = [
      { type: 'text' as const, text: 'What is this?' },
      media('image', 'image/png', 12_345),
      media('document', 'application/pdf', 2_400_000),
    ];
    expect(text(request([{ role: 'user', content }]))).toContain(
      'I received an image (PNG, 12 kB), a document (PDF, 2.4 MB).',
    );
  });

  test('is JSON for an output schema.', () => {
    const outputSchema = {
      type: 'object',
      properties: { city: string, mood: { enum: ['sad', 'happy'] } },
      required: ['city', 'mood'],
    };
    const reply = JSON.parse(text(request(['I am happy in Rome'], { outputSchema }))) as object;
    expect(new Ajv2020().validate(outputSchema, reply)).toBe(true);
    expect(reply).toEqual({ city: 'Rome', mood: 'happy' });
    expect(JSON.parse(text(request(['Hi'], { outputSchema: {} })))).toBeInstanceOf(Object);
  });
});

test('Reasoning precedes the reply if the request allows it.', () => {
  const { content } = composeReply(request(['Hello'], { reasoningTokens: 1024 }));
  expect(content.map(({ type }) => type)).toEqual(['reasoning', 'text']);
});

test('The same request has the same reply.', () => {
  const asked = () => request(['Time and weather in Paris?'], { tools: [weather, time] });
  expect(composeReply(asked())).toEqual(composeReply(asked()));
});
