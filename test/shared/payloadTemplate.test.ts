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
  expect(() => fill('"{{input}}"', { files })).toThrow('Add {{files}}.');
});

test.each([
  ['{"prompt": "{{input}}"', 'line 1, column 1: This bracket has no closing }.'],
  ['{"prompt": "{{input}}",}', 'line 1, column 23: Remove the comma before }.'],
  [
    '{\n  prompt: "{{input}}"}',
    /^line 2, column 3: Expected a name in double quotes, not prompt\.$/,
  ],
  ['{"a": \'{{input}}\'}', /^line 1, column 7: ' is not a JSON value\. Put text in double quotes/],
  ['{"a": "{{input}}', 'line 1, column 7: This string has no closing ".'],
  ['{"a": "{{input}}" "b": 1}', 'line 1, column 19: Expected a comma or }, not ".'],
  ['{"a" "{{input}}"}', 'line 1, column 6: Expected a colon after the name, not ".'],
  ['{"a": }', /^line 1, column 7: } is not a JSON value/],
  ['', 'line 1, column 1: A value is missing here.'],
  ['"{{input}}" x', 'line 1, column 13: Unexpected x after the value.'],
  ['{"a": "\\x {{input}}"}', /^line 1, column 8: Unknown escape/],
  [
    '{"a": "{{inptu}}"}',
    /^line 1, column 8: Unknown placeholder {{inptu}}\. Use {{input}}, {{sessionId}}/,
  ],
  ['{"a": "{{input}} {{images}}"}', /^line 1, column 18: {{images}} is a list/],
  ['{"a": 1}', /^line 1, column 1: The template does not send the prompt/],
])('an invalid template is reported with its position and fix: %s', (source, message) => {
  expect(fault(source)).toMatch(message);
});

test('a cancel payload needs no placeholder and cannot have user input', () => {
  expect(fault('{"cancel": true, "session": "{{sessionId}}"}', 'cancel')).toBeNull();
  expect(fault('{"cancel": "{{input}}"}', 'cancel')).toMatch(/{{input}}\. Use {{sessionId}}/);
});

test('without placeholders, exactly JSON is valid', () => {
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
