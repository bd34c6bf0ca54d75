import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkJson, describeFault } from '../../src/shared/payloadSyntax.ts';
import { checkTemplate, DEFAULT_TEMPLATE, fillTemplate } from '../../src/shared/payloadTemplate.ts';

const values = {
  input: 'say "hi"\n\\ {{sessionId}}',
  sessionId: 's-1',
  actorId: 'ann',
  images: [],
  files: [],
};

const fill = (source: string, more: object = {}) =>
  JSON.parse(fillTemplate(source, { ...values, ...more })) as unknown;

function fault(source: string, use: 'message' | 'cancel' = 'message'): string | null {
  const found = checkTemplate(source, use);
  return found && describeFault(source, found);
}

test('without a template a message is sent as prompt', () => {
  expect(fill(DEFAULT_TEMPLATE.message)).toEqual({ prompt: values.input });
});

test('a placeholder is replaced within a string and alone', () => {
  const source = '{"a": "<{{input}}>", "b": {{input}}, "c": ["{{sessionId}}/{{ actorId }}"]}';
  expect(checkTemplate(source, 'message')).toBeNull();
  expect(fill(source)).toEqual({
    a: `<${values.input}>`,
    b: values.input,
    c: ['s-1/ann'],
  });
  expect(fill('{"a": {{actorId}}, "b": "{{actorId}}", "c": {{input}}}', { actorId: null })).toEqual(
    {
      a: null,
      b: '',
      c: values.input,
    },
  );
});

test('any text survives the payload unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (input) => {
      expect(fill(DEFAULT_TEMPLATE.message, { input })).toEqual({ prompt: input });
    }),
  );
});

test('attachments go to their placeholder, or to the end', () => {
  const images = [{ image: { format: 'png' } }];
  expect(fill('{"content": {{images}}, "text": "{{input}}"}', { images })).toEqual({
    content: images,
    text: values.input,
  });
  const files = [{ document: { name: 'a' } }];
  expect(fill('{"prompt": "{{input}}" }', { images, files })).toEqual({
    prompt: values.input,
    images,
    files,
  });
  expect(() => fill('"{{input}}"', { files })).toThrow('put {{files}} there');
});

test.each([
  ['{"prompt": "{{input}}"', 'line 1, column 1: What begins here does not end: a } is missing.'],
  ['{"prompt": "{{input}}",}', 'line 1, column 23: No comma before }: take it away.'],
  ['{\n  prompt: "{{input}}"}', /^line 2, column 3: A name in double quotes .* not prompt\.$/],
  [
    '{"a": \'{{input}}\'}',
    /^line 1, column 7: ' is no value of JSON: text stands in double quotes/,
  ],
  ['{"a": "{{input}}', 'line 1, column 7: This string does not end: a " is missing.'],
  ['{"a": "{{input}}" "b": 1}', 'line 1, column 19: Here a comma or } must stand, not ".'],
  ['{"a" "{{input}}"}', 'line 1, column 6: A colon must follow the name, not ".'],
  ['{"a": }', /^line 1, column 7: } is no value/],
  ['', 'line 1, column 1: A value is missing here.'],
  ['"{{input}}" x', 'line 1, column 13: After the value nothing may follow: x.'],
  ['{"a": "\\x {{input}}"}', /^line 1, column 8: No such escape/],
  ['{"a": "{{inptu}}"}', /^line 1, column 8: {{inptu}} is none of {{input}}, {{sessionId}}/],
  ['{"a": "{{input}} {{images}}"}', /^line 1, column 18: {{images}} is a list/],
  ['{"a": 1}', /^line 1, column 1: What you write would not be sent/],
])('of a template that cannot be sent is said where and how it is mended: %s', (source, words) => {
  expect(fault(source)).toMatch(words);
});

test('a cancel payload needs no placeholder', () => {
  expect(fault('{"cancel": true, "session": "{{sessionId}}"}', 'cancel')).toBeNull();
  expect(fault('{"cancel": "{{input}}"}', 'cancel')).toMatch(/{{input}} is none of {{sessionId}}/);
});

test('without placeholders the syntax is exactly JSON', () => {
  const nearly = fc.oneof(
    fc.json(),
    fc
      .array(fc.constantFrom(...Array.from('{}[],:"\\ntrue1-.e0 \n\tu')))
      .map((signs) => signs.join('')),
    fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom(...Array.from('{}[],:" x')))
      .map(([json, at, sign]) => {
        const place = at % (json.length + 1);
        return json.slice(0, place) + sign + json.slice(place);
      }),
  );
  fc.assert(
    fc.property(nearly, (source) => {
      let isJson = true;
      try {
        JSON.parse(source);
      } catch {
        isJson = false;
      }
      expect(checkJson(source) === null).toBe(isJson);
    }),
    { numRuns: 2000 },
  );
});
