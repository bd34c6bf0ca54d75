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
  fc.assert(
    fc.property(toolSchema, prompt, (schema, text) => {
      const value = generate(schema, text);
      if (!ajv.validate(schema, value)) expect({ value, errors: ajv.errors }).toBeUndefined();
      ajv.removeSchema();
    }),
    { numRuns: 300 },
  );
}, 60_000);
