import { expect, test } from 'vitest';
import { createFields, readForm } from '../../webview/tools/toolFields.ts';

const schema = (properties: object, ...required: string[]) => ({
  name: 'tool',
  inputSchema: { type: 'object', properties, required },
});

test('a tool’s form has a field for each property, of the kind that its schema says', () => {
  const fields = createFields(
    schema(
      {
        city: { type: 'string', description: 'Where' },
        days: { type: 'integer', default: 3 },
        exact: { type: 'boolean' },
        unit: { enum: ['C', 'F'] },
        tags: { type: 'array', items: { type: 'string' } },
        note: { anyOf: [{ type: 'string' }, { type: 'null' }], default: null },
      },
      'city',
    ),
  );
  expect(
    fields.map(({ name, kind, required, start }) => [name, kind.type, required, start]),
  ).toEqual([
    ['city', 'text', true, ''],
    ['days', 'integer', false, '3'],
    ['exact', 'truth', false, ''],
    ['unit', 'choice', false, ''],
    ['tags', 'json', false, ''],
    ['note', 'text', false, ''],
  ]);
  expect(fields[0]!.description).toBe('Where');
});

test('what is written becomes arguments of their types, and what is optional and empty is left out', () => {
  const fields = createFields(
    schema({
      city: { type: 'string' },
      days: { type: 'integer', default: 3 },
      exact: { type: 'boolean' },
      tags: { type: 'array' },
      unit: { enum: ['C', 'F'] },
    }),
  );
  expect(readForm(fields, { city: 'Turin', exact: 'true', tags: '["a"]' })).toEqual({
    input: { city: 'Turin', days: 3, exact: true, tags: ['a'] },
  });
});

test('what is wrong is said for each field', () => {
  const fields = createFields(
    schema(
      { a: { type: 'integer' }, b: { type: 'number' }, c: { type: 'object' }, d: { enum: ['x'] } },
      'd',
    ),
  );
  expect(readForm(fields, { a: '1.5', b: 'many', c: '{' })).toEqual({
    problems: {
      a: '1.5 is no whole number.',
      b: "'many' is no number.",
      c: expect.stringMatching(/^It is no JSON: /),
      d: 'It is required.',
    },
  });
});

test('a required truth that is not ticked is false, and required text may be empty', () => {
  const fields = createFields(schema({ a: { type: 'boolean' }, b: { type: 'string' } }, 'a', 'b'));
  expect(readForm(fields, {})).toEqual({ input: { a: false, b: '' } });
});

test('a tool without properties has no fields', () => {
  expect(createFields({ name: 'tool', inputSchema: {} })).toEqual([]);
});
