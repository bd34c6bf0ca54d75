import { expect, test } from 'vitest';
import { createFields, readForm } from '../../webview/tools/toolFields.ts';

const schema = (properties: object, ...required: string[]) => ({
  name: 'tool',
  inputSchema: { type: 'object', properties, required },
});

test('A form has a field of the matching kind for each property of the schema.', () => {
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
    fields.map(({ name, kind, required, initialText }) => [name, kind.type, required, initialText]),
  ).toEqual([
    ['city', 'text', true, ''],
    ['days', 'integer', false, '3'],
    ['exact', 'boolean', false, ''],
    ['unit', 'choice', false, ''],
    ['tags', 'json', false, ''],
    ['note', 'text', false, ''],
  ]);
  expect(fields[0]!.description).toBe('Where');
});

test('Text becomes typed arguments, and empty optional fields are omitted.', () => {
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

test('Each invalid field has its own error.', () => {
  const fields = createFields(
    schema(
      { a: { type: 'integer' }, b: { type: 'number' }, c: { type: 'object' }, d: { enum: ['x'] } },
      'd',
    ),
  );
  expect(readForm(fields, { a: '1.5', b: 'many', c: '{' })).toEqual({
    problems: {
      a: '1.5 is not a whole number.',
      b: "'many' is not a number.",
      c: expect.stringMatching(/^Not valid JSON: /),
      d: 'This field is required.',
    },
  });
});

test('A required checkbox that is not checked is false, and required text may be empty.', () => {
  const fields = createFields(schema({ a: { type: 'boolean' }, b: { type: 'string' } }, 'a', 'b'));
  expect(readForm(fields, {})).toEqual({ input: { a: false, b: '' } });
});

test('A tool without properties has no fields.', () => {
  expect(createFields({ name: 'tool', inputSchema: {} })).toEqual([]);
});
