import type { NormalizedSchema } from '@smithy/core/schema';
import { findConstraints, type Constraint } from '../../../emulator/wire/constraints.ts';
import { operations, type Operation, type Plane } from '../../../emulator/wire/operations.ts';
import { createSampler, EACH, KEY, requiredCount, type Step } from './samples.ts';

/** An input of one operation that breaks one demand of the model, and is right otherwise. */
export interface Breach {
  readonly operation: Operation;
  readonly input: Readonly<Record<string, unknown>>;
  /** Where the wrong value stands, in the service's way of writing it. */
  readonly path: string;
  readonly value: unknown;
  /** The value is, or holds, or is held by what the model calls sensitive. */
  readonly secret: boolean;
  /** What the service says of it. */
  readonly demand: string;
}

/** A demand of the model on whatever stands at one place of an operation's input. */
interface Wrong {
  readonly value: unknown;
  readonly demand: string;
}

// Longer ones would only take time: the way of checking them is the same.
const LONGEST_TEXT = 200_000;
const LONGEST_LIST = 2_000;

const NULL = { value: undefined, demand: 'Member must not be null' };

/**
 * One breach of every demand: of each operation's own members, and of each structure below them
 * where it is first met.
 */
export function* breaches(): Generator<Breach> {
  const seen: Record<Plane, Set<string>> = { data: new Set(), control: new Set() };
  for (const operation of operations.values()) {
    if (!operation.input.isUnitSchema()) {
      const place = { operation, steps: [], secret: false };
      yield* breachesBelow(operation.input, place, seen[operation.plane]);
    }
  }
}

interface Place {
  readonly operation: Operation;
  readonly steps: readonly Step[];
  readonly secret: boolean;
}

function* breachesBelow(
  structure: NormalizedSchema,
  { operation, steps, secret }: Place,
  seen: Set<string>,
): Generator<Breach> {
  const name = structure.getName() ?? '';
  if (seen.has(name)) return;
  seen.add(name);
  const required = structure.isUnionSchema() ? 0 : requiredCount(structure);
  const constraints = findConstraints(operation.plane, name);
  let index = 0;
  for (const [member, schema] of structure.structIterator()) {
    const place = { operation, steps: [...steps, member], secret };
    // A path without its label is another path, and the SDK fills in tokens and empty bodies.
    const { httpLabel, idempotencyToken, httpPayload } = schema.getMergedTraits();
    const isOmittable = !httpLabel && !idempotencyToken && !httpPayload;
    if (index < required && isOmittable) yield breach(schema, place, NULL);
    index += 1;
    yield* breachesAt(schema, constraints[member] ?? {}, place, seen);
  }
}

function* breachesAt(
  schema: NormalizedSchema,
  constraint: Constraint,
  place: Place,
  seen: Set<string>,
): Generator<Breach> {
  for (const wrong of wrongs(place.operation.plane, schema, constraint)) {
    yield breach(schema, place, wrong);
  }
  const secret = place.secret || isSensitive(schema);
  const inside = (step: Step): Place => ({ ...place, steps: [...place.steps, step], secret });
  if (schema.isMapSchema()) {
    yield* breachesAt(schema.getKeySchema(), constraint.key ?? {}, inside(KEY), seen);
  }
  if (schema.isListSchema() || schema.isMapSchema()) {
    yield* breachesAt(schema.getValueSchema(), constraint.each ?? {}, inside(EACH), seen);
  } else if (schema.isStructSchema()) {
    yield* breachesBelow(schema, { ...place, secret }, seen);
  }
}

function breach(
  schema: NormalizedSchema,
  { operation, steps, secret }: Place,
  { value, demand }: Wrong,
): Breach {
  const sampler = createSampler(operation.name, { plane: operation.plane, full: false });
  const input = sampler.value(operation.input, {}, { steps, value }) as Breach['input'];
  const path = pathOf(input, steps);
  const isSecret = secret || isSensitive(schema) || (value !== undefined && holdsSensitive(schema));
  return { operation, input, path, value, secret: isSecret, demand };
}

function isSensitive(schema: NormalizedSchema): boolean {
  return Boolean(schema.getMergedTraits().sensitive);
}

function holdsSensitive(schema: NormalizedSchema, seen = new Set<string | undefined>()): boolean {
  if (isSensitive(schema)) return true;
  if (schema.isListSchema() || schema.isMapSchema()) {
    return holdsSensitive(schema.getValueSchema(), seen);
  }
  if (!schema.isStructSchema() || seen.has(schema.getName())) return false;
  seen.add(schema.getName());
  return Object.values(schema.getMemberSchemas()).some((member) => holdsSensitive(member, seen));
}

function pathOf(input: unknown, steps: readonly Step[]): string {
  let value = input;
  const names = steps.map((step) => {
    if (step === KEY) return 'key';
    const isList = Array.isArray(value);
    const key = step === EACH ? Object.keys(value as object)[0]! : step;
    value = (value as Record<string, unknown>)[key];
    return isList ? '1.member' : key;
  });
  return names.join('.');
}

function* wrongs(plane: Plane, schema: NormalizedSchema, constraint: Constraint): Generator<Wrong> {
  const { integer, min = 0, max = Infinity, pattern } = constraint;
  const what = schema.isNumericSchema() ? 'value' : 'length';
  const tooLow = `Member must have ${what} greater than or equal to ${min}`;
  const tooHigh = `Member must have ${what} less than or equal to ${max}`;
  if (schema.isNumericSchema()) {
    if (constraint.min !== undefined) yield { value: min - 1, demand: tooLow };
    if (constraint.max !== undefined) yield { value: max + 1, demand: tooHigh };
    if (integer) yield { value: min + 0.5, demand: 'Member must be an integer' };
    return;
  }
  // Of an empty label nothing is left in the path.
  const { httpLabel, httpHeader } = schema.getMergedTraits();
  // Nor does the SDK send an empty type.
  const shortest = httpLabel || httpHeader === 'Content-Type' ? 1 : 0;
  if (min > shortest) {
    const short = ofLength(min - 1, plane, schema, constraint);
    if (short !== undefined) yield { value: short, demand: tooLow };
  }
  if (max <= (schema.isStringSchema() ? LONGEST_TEXT : LONGEST_LIST)) {
    const long = ofLength(max + 1, plane, schema, constraint);
    if (long !== undefined) yield { value: long, demand: tooHigh };
  }
  if (constraint.enum) {
    const demand = `Member must satisfy enum value set: [${constraint.enum.join(', ')}]`;
    yield { value: 'none of these'.slice(0, max), demand };
  }
  if (pattern !== undefined) {
    const demand = `Member must satisfy regular expression pattern: ${pattern}`;
    for (const value of mismatches(pattern, schema, constraint)) yield { value, demand };
  }
}

function ofLength(
  length: number,
  plane: Plane,
  schema: NormalizedSchema,
  { each, key }: Constraint,
): unknown {
  if (schema.isStringSchema()) return 'a'.repeat(length);
  if (schema.isBlobSchema()) return new Uint8Array(length);
  const sampler = createSampler('many', { plane, full: false });
  const item = () => sampler.value(schema.getValueSchema(), each);
  if (schema.isListSchema()) return Array.from({ length }, item);
  const entries = new Map<string, unknown>();
  for (let tries = 0; entries.size < length; tries++) {
    // Some maps have fewer possible keys than they may have entries.
    if (tries > 20 * length) return undefined;
    entries.set(sampler.value(schema.getKeySchema(), key) as string, item());
  }
  return Object.fromEntries(entries);
}

/** Texts that a pattern does not match as a whole, though it may match their middle or an end. */
function mismatches(pattern: string, schema: NormalizedSchema, constraint: Constraint): string[] {
  const { min = 1, max = Infinity } = constraint;
  const expression = new RegExp(`^(?:${pattern})$`, 'u');
  const isHeader = schema.getMergedTraits().httpHeader !== undefined;
  const characters = Array.from(isHeader ? '!/*#[:~' : '!/*#[: \n\u0001');
  const valid = createSampler(pattern, { full: false }).value(schema, constraint) as string;
  const texts = [
    (character: string) => character.repeat(Math.max(min, 1)),
    (character: string) => valid + character,
    (character: string) => character + valid,
  ].flatMap((text) => {
    const wrong = characters.map(text).find((candidate) => !expression.test(candidate));
    return wrong !== undefined && Array.from(wrong).length <= max ? [wrong] : [];
  });
  if (texts.length === 0) throw new Error(`everything matches ${pattern}`);
  return texts;
}
