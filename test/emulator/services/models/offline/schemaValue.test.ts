import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findMentions } from '../../../../../emulator/services/models/offline/mentions.ts';
import { createValue } from '../../../../../emulator/services/models/offline/schemaValue.ts';
import { prompt, toolSchema } from './schemaArbitrary.ts';

const ajv = new Ajv2020({ strict: false, addUsedSchema: false });
addFormats.default(ajv);

function generate(schema: object, ...prompts: string[]): unknown {
  return createValue(schema, prompts.map(findMentions));
}

test('Generated arguments satisfy the schema of their tool.', () => {
  expect.hasAssertions();
  fc.assert(
    fc.property(toolSchema, prompt, (schema, text) => {
      const value = generate(schema, text);
      const isValid = ajv.validate(schema, value);
      expect({ isValid, value, errors: ajv.errors }).toMatchObject({ isValid: true });
      ajv.removeSchema();
    }),
    { numRuns: 300 },
  );
}, 60_000);

const string = { type: 'string' };
const number = { type: 'number' };
const integer = { type: 'integer' };

function object(properties: Readonly<Record<string, object>>, required = Object.keys(properties)) {
  return { type: 'object', properties, required };
}

test.for([
  ['What is the weather in Paris?', object({ city: string }), { city: 'Paris' }],
  [
    'weather in paris, in fahrenheit please',
    object({ city: string, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } }, ['city']),
    { city: 'paris', unit: 'fahrenheit' },
  ],
  [
    'Forecast for New York for 5 days',
    object({ location: string, days: integer }, ['location']),
    { location: 'New York', days: 5 },
  ],
  ['What is 12 * 7?', object({ a: number, b: number }), { a: 12, b: 7 }],
  ['What is (3 + 4) times 2?', object({ expression: string }), { expression: '(3 + 4) * 2' }],
  [
    'Multiply 6 by -7',
    object({ operation: { enum: ['add', 'multiply'] }, a: number, b: number }),
    { operation: 'multiply', a: 6, b: -7 },
  ],
  [
    'Send an email to ada@example.com saying "See you at noon"',
    object({ to: string, body: string }),
    { to: 'ada@example.com', body: 'See you at noon' },
  ],
  [
    'Search the web for cheap flights, 3 results',
    object({ query: string, max_results: integer }, ['query']),
    { query: 'cheap flights, 3 results', max_results: 3 },
  ],
  ['Where is my order ORD-123?', object({ order_id: string }), { order_id: 'ORD-123' }],
  [
    'Book a flight from Oslo to Rome on 2026-05-06',
    object({ origin: string, destination: string, date: { type: 'string', format: 'date' } }),
    { origin: 'Oslo', destination: 'Rome', date: '2026-05-06' },
  ],
  [
    'Sum 1, 2, 3.5 and -4',
    object({ numbers: { type: 'array', items: number } }),
    { numbers: [1, 2, 3.5, -4] },
  ],
  [
    'Add apples, pears and plums to my list',
    object({ items: { type: 'array', items: string } }),
    { items: ['apples', 'pears', 'plums'] },
  ],
  [
    'Register the customer Ada Lovelace, ada@example.com',
    object({ customer: object({ name: string, email: { type: 'string', format: 'email' } }) }),
    { customer: { name: 'Ada Lovelace', email: 'ada@example.com' } },
  ],
  [
    'Fetch https://example.com/page?x=1.',
    object({ url: { type: 'string', format: 'uri' } }),
    { url: 'https://example.com/page?x=1' },
  ],
  [
    'Convert 100 dollars to EUR',
    object({ currency: { type: 'string', pattern: '^[A-Z]{3}$' }, amount: number }),
    { currency: 'EUR', amount: 100 },
  ],
  [
    'How many letter Rs are in the word strawberry?',
    object({ word: string, letter: string }),
    { word: 'strawberry', letter: 'Rs' },
  ],
  ['The square root of 1764?', object({ expression: string }), { expression: 'sqrt(1764)' }],
  ['What is 20% of 50?', object({ expression: string }), { expression: '20 / 100 * 50' }],
  [
    'List /tmp without recursion',
    object({ path: string, recursive: { type: 'boolean' } }, ['path']),
    { path: '/tmp' },
  ],
] as const)('%j becomes arguments.', ([text, schema, expected]) => {
  expect(generate(schema, text)).toEqual(expected);
});

test('Required arguments that the prompt lacks come from earlier prompts.', () => {
  const schema = object({ name: string, age: integer });
  expect(generate(schema, 'Register me', 'My name is Ada and I am 36 years old')).toEqual({
    name: 'Ada',
    age: 36,
  });
});

test('Properties that depend on each other come together.', () => {
  const schema = {
    ...object({ email: { type: 'string', format: 'email' }, consent: { type: 'boolean' } }, []),
    dependentRequired: { email: ['consent'] },
  };
  expect(generate(schema, 'I am ada@example.com')).toEqual({
    email: 'ada@example.com',
    consent: true,
  });
});

test('A value for a recursive schema is finite.', () => {
  const node = object({
    value: integer,
    next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
  });
  const schema = { $ref: '#/$defs/node', $defs: { node } };
  const value = generate(schema, 'one');
  expect(ajv.validate(schema, value)).toBe(true);
});
