import fc from 'fast-check';

/** Schemas as tools declare them, each satisfiable, with a prompt. */
const text = fc.record(
  {
    minLength: fc.nat(20),
    description: fc.constantFrom('The city', 'A search query.', 'Body of the message'),
  },
  { requiredKeys: [] },
);

const strings = fc.oneof(
  text.map((keywords) => Object.assign(keywords, { type: 'string' })),
  fc.tuple(fc.nat(8), fc.nat(30)).map(([minLength, more]) => ({
    type: 'string',
    minLength,
    maxLength: minLength + more,
  })),
  fc
    .constantFrom(
      'date date-time time duration email hostname ipv4 ipv6 uri uri-reference uuid json-pointer regex'.split(
        ' ',
      ),
    )
    .chain((formats) => fc.constantFrom(...formats))
    .map((format) => ({ type: 'string', format })),
  fc
    .constantFrom(
      '^[A-Z]{3}$',
      String.raw`^\d{4}-\d{2}-\d{2}$`,
      '^(?:low|medium|high)$',
      '^[a-z][a-z0-9_]*$',
      String.raw`^ORD-\d{5,8}$`,
      String.raw`^\+?[1-9]\d{1,14}$`,
      'a.c+',
      '^$|^x{2}(?:-[0-9a-f]{4}){3}$',
      '^[^@]+@[^@]+$',
    )
    .map((pattern) => ({ type: 'string', pattern })),
  fc
    .uniqueArray(fc.string({ maxLength: 8 }), { minLength: 1, maxLength: 4 })
    .map((values) => ({ type: 'string', enum: values })),
);

const numbers = fc.oneof(
  fc.record(
    { minimum: fc.integer({ min: -50, max: 50 }), multipleOf: fc.constantFrom(1, 2, 5, 7) },
    { requiredKeys: [] },
  ),
  fc.record(
    { maximum: fc.integer({ min: -50, max: 50 }), multipleOf: fc.constantFrom(1, 2, 5, 0.5) },
    { requiredKeys: [] },
  ),
  fc
    .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 2, max: 9 }))
    .map(([low, range]) => ({
      exclusiveMinimum: low,
      exclusiveMaximum: low + range,
    })),
);

const scalars = fc.oneof(
  strings,
  numbers.map((keywords) => Object.assign(keywords, { type: 'integer' })),
  numbers.map((keywords) => Object.assign(keywords, { type: 'number' })),
  fc.constant({ type: 'number', exclusiveMinimum: 0, maximum: 0.5 }),
  fc.constant({ type: 'boolean' }),
  fc.constant({ type: 'null' }),
  fc.constant({ type: ['string', 'null'] }),
  fc.constant({ $ref: '#/$defs/Address' }),
  fc.jsonValue().map((value) => ({ const: value })),
  fc.constant({}),
  fc.constant({ type: 'integer', minimum: 1, default: 0 }),
);

const names = fc.oneof(
  fc.constantFrom('city', 'a', 'b', 'query', 'email', 'due_date', 'limit', 'tags', 'unit', 'name'),
  fc.string({ minLength: 1, maxLength: 6 }),
);

const { schema } = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalars,
    fc.dictionary(names, tie('schema'), { maxKeys: 4 }).chain((properties) =>
      fc.subarray(Object.keys(properties)).map((required) => ({
        type: 'object',
        properties,
        required,
        additionalProperties: false,
      })),
    ),
    fc.tuple(tie('schema'), fc.nat(3), fc.nat(3)).map(([items, minItems, more]) => ({
      type: 'array',
      items,
      minItems,
      maxItems: minItems + more,
    })),
    fc
      .tuple(
        fc.constantFrom({ type: 'string' }, { type: 'integer' }, { type: 'number' }),
        fc.nat(5),
      )
      .map(([items, minItems]) => ({ type: 'array', items, minItems, uniqueItems: true })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    tie('schema').map((each) => ({ allOf: [each, { description: 'the same' }] })),
    fc.nat(3).map((minProperties) => ({
      type: 'object',
      additionalProperties: { type: 'string' },
      minProperties,
    })),
  ),
}));

const ADDRESS = {
  type: 'object',
  properties: {
    street: { type: 'string' },
    zip: { type: 'string', pattern: '^[0-9]{5}$' },
    previous: { anyOf: [{ $ref: '#/$defs/Address' }, { type: 'null' }] },
  },
  required: ['street', 'zip', 'previous'],
};

/** Schemas of tools: objects whose properties have any of the schemas above. */
export const toolSchema = fc.dictionary(names, schema, { maxKeys: 5 }).chain((properties) =>
  fc.subarray(Object.keys(properties)).map((required) => ({
    type: 'object',
    properties,
    required,
    additionalProperties: false,
    $defs: { Address: ADDRESS },
  })),
);

export const prompt = fc.oneof(
  fc.string({ maxLength: 60, unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        ...'weather in Paris|12 * 7|limit 5|"quoted text"|ada@example.com|https://example.com/a|2026-03-04|-3.5|apples, pears and plums|ORD-12345|high|XYZ|without tags|to Rome from Oslo'.split(
          '|',
        ),
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join(' ')),
);
