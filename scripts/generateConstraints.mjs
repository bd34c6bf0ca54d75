// Writes emulator/wire/constraints.json: the lengths, ranges, patterns and enums of operation inputs in AWS's
// service model. The schemas of the JavaScript SDK omit them. The model comes from botocore, in the version
// whose operations and shapes match the SDK that we use.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { NormalizedSchema } from '@smithy/core/schema';

const BOTOCORE = '1.43.107';
const PLANES = {
  data: { sdk: '@aws-sdk/client-bedrock-agentcore', model: 'bedrock-agentcore/2024-02-28' },
  control: {
    sdk: '@aws-sdk/client-bedrock-agentcore-control',
    model: 'bedrock-agentcore-control/2023-06-05',
  },
};

/**
 * @typedef {{ type: string, min?: number, max?: number, pattern?: string, enum?: string[],
 *   members?: Record<string, Reference>, member?: Reference, key?: Reference, value?: Reference }} Shape
 * @typedef {{ shape: string }} Reference
 * @typedef {{ shapes: Record<string, Shape>,
 *   operations: Record<string, { input?: Reference, output?: Reference }> }} Model
 */

/** Returns the constraints of a simple value, list or map. Structures have their own entries.
 * @param {Model} model @param {Reference} reference @returns {object | undefined} */
function constraintOf(model, reference) {
  const shape = model.shapes[reference.shape];
  if (!shape) throw new Error(`The service model has no shape ${reference.shape}`);
  const each = shape.member ?? (shape.type === 'map' ? shape.value : undefined);
  const constraint = Object.entries({
    integer: shape.type === 'integer' || shape.type === 'long' || undefined,
    min: shape.min,
    max: shape.max,
    pattern: shape.pattern,
    enum: shape.enum,
    each: each && constraintOf(model, each),
    key: shape.key && constraintOf(model, shape.key),
  }).filter(([, value]) => value !== undefined);
  return constraint.length > 0 ? Object.fromEntries(constraint) : undefined;
}

/** Walks an SDK schema and the model's shape in step, because the SDK renames a few shapes.
 * @param {NormalizedSchema} schema @param {string} name @param {Model} model
 * @param {Record<string, Record<string, object>>} into @param {Set<string>} seen */
function collect(schema, name, model, into, seen) {
  const shape = model.shapes[name];
  if (!shape) throw new Error(`The service model has no shape ${name}`);
  if (schema.isStructSchema()) {
    const structure = schema.getName();
    if (structure === undefined || seen.has(structure)) return;
    seen.add(structure);
    for (const [member, memberSchema] of schema.structIterator()) {
      const reference = shape.members?.[member];
      if (!reference)
        throw new Error(`Shape ${name} of the service model has no member ${member}.`);
      const constraint = constraintOf(model, reference);
      if (constraint) (into[structure] ??= {})[member] = constraint;
      collect(memberSchema, reference.shape, model, into, seen);
    }
  } else if (schema.isListSchema() || schema.isMapSchema()) {
    const each = shape.member ?? shape.value;
    if (each) collect(schema.getValueSchema(), each.shape, model, into, seen);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'botocore-'));
try {
  execFileSync(
    'python3',
    ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', folder, `botocore==${BOTOCORE}`],
    { stdio: 'inherit' },
  );
  /** @type {Record<string, Record<string, Record<string, object>>>} */
  const constraints = {};
  for (const [plane, { sdk, model: path }] of Object.entries(PLANES)) {
    /** @type {Model} */
    const model = JSON.parse(
      gunzipSync(readFileSync(join(folder, 'botocore/data', path, 'service-2.json.gz'))).toString(),
    );
    const into = (constraints[plane] = {});
    const seen = new Set();
    for (const schema of Object.values(createRequire(import.meta.url)(sdk))) {
      if (!Array.isArray(schema) || schema[0] !== 9) continue;
      const operation = model.operations[schema[2]];
      if (!operation) throw new Error(`The service model has no operation ${schema[2]}.`);
      if (operation.input) {
        collect(NormalizedSchema.of(schema[4]), operation.input.shape, model, into, seen);
      }
    }
  }
  const text = JSON.stringify({ source: `botocore ${BOTOCORE}`, ...constraints }, null, 1);
  writeFileSync(new URL('../emulator/wire/constraints.json', import.meta.url), `${text}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
