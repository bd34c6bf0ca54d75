import type { NormalizedSchema } from '@smithy/core/schema';
import { findConstraints, type Constraint } from '../../../emulator/wire/constraints.ts';
import { operations, type Operation, type Plane } from '../../../emulator/wire/operations.ts';
import { createSampler, EACH, KEY, requiredCount, type Step } from './samples.ts';

/** An input of an operation that violates one constraint of the model and is otherwise valid. */
export interface Violation {
  readonly operation: Operation;
  readonly input: Readonly<Record<string, unknown>>;
  /** The path of the invalid value in AWS's notation. */
  readonly path: string;
  readonly value: unknown;
  /** True if the value is sensitive in the model, contains a sensitive value or is part of one. */
  readonly sensitive: boolean;
  /** The requirement as AWS's error message states it. */
  readonly requirement: string;
}

/** A value that violates one requirement of the model. */
interface InvalidValue {
  readonly value: unknown;
  readonly requirement: string;
}

// Longer values would only take time, because they are checked in the same way.
const LONGEST_TEXT = 200_000;
const LONGEST_LIST = 2_000;

const NULL = { value: undefined, requirement: 'Member must not be null' };

/**
 * One violation of every requirement: for each operation's own members, and for each nested structure where
 * it first occurs.
 */
export function* violations(): Generator<Violation> {
  const seen: Record<Plane, Set<string>> = { data: new Set(), control: new Set() };
  for (const operation of operations.values()) {
    if (!operation.input.isUnitSchema()) {
      const location = { operation, steps: [], sensitive: false };
      yield* violationsBelow(operation.input, location, seen[operation.plane]);
    }
  }
}

interface Location {
  readonly operation: Operation;
  readonly steps: readonly Step[];
  readonly sensitive: boolean;
}

function* violationsBelow(
  structure: NormalizedSchema,
  { operation, steps, sensitive }: Location,
  seen: Set<string>,
): Generator<Violation> {
  const name = structure.getName() ?? '';
  if (seen.has(name)) return;
  seen.add(name);
  const required = structure.isUnionSchema() ? 0 : requiredCount(structure);
  const constraints = findConstraints(operation.plane, name);
  let index = 0;
  for (const [member, schema] of structure.structIterator()) {
    const location = { operation, steps: [...steps, member], sensitive };
    // A path without its label is a different path, and the SDK fills in tokens and empty bodies.
    const { httpLabel, idempotencyToken, httpPayload } = schema.getMergedTraits();
    const isOmittable = !httpLabel && !idempotencyToken && !httpPayload;
    if (index < required && isOmittable) yield createViolation(schema, location, NULL);
    index += 1;
    yield* violationsAt(schema, constraints[member] ?? {}, location, seen);
  }
}

function* violationsAt(
  schema: NormalizedSchema,
  constraint: Constraint,
  location: Location,
  seen: Set<string>,
): Generator<Violation> {
  for (const invalid of invalidValues(location.operation.plane, schema, constraint)) {
    yield createViolation(schema, location, invalid);
  }
  const sensitive = location.sensitive || isSensitive(schema);
  const inside = (step: Step): Location => ({
    ...location,
    steps: [...location.steps, step],
    sensitive,
  });
  if (schema.isMapSchema()) {
    yield* violationsAt(schema.getKeySchema(), constraint.key ?? {}, inside(KEY), seen);
  }
  if (schema.isListSchema() || schema.isMapSchema()) {
    yield* violationsAt(schema.getValueSchema(), constraint.each ?? {}, inside(EACH), seen);
  } else if (schema.isStructSchema()) {
    yield* violationsBelow(schema, { ...location, sensitive }, seen);
  }
}

function createViolation(
  schema: NormalizedSchema,
  { operation, steps, sensitive }: Location,
  { value, requirement }: InvalidValue,
): Violation {
  const sampler = createSampler(operation.name, { plane: operation.plane, full: false });
  const input = sampler.value(operation.input, {}, { steps, value }) as Violation['input'];
  const path = pathOf(input, steps);
  const isSensitiveValue =
    sensitive || isSensitive(schema) || (value !== undefined && containsSensitive(schema));
  return { operation, input, path, value, sensitive: isSensitiveValue, requirement };
}

function isSensitive(schema: NormalizedSchema): boolean {
  return Boolean(schema.getMergedTraits().sensitive);
}

function containsSensitive(
  schema: NormalizedSchema,
  seen = new Set<string | undefined>(),
): boolean {
  if (isSensitive(schema)) return true;
  if (schema.isListSchema() || schema.isMapSchema()) {
    return containsSensitive(schema.getValueSchema(), seen);
  }
  if (!schema.isStructSchema() || seen.has(schema.getName())) return false;
  seen.add(schema.getName());
  return Object.values(schema.getMemberSchemas()).some((member) => containsSensitive(member, seen));
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

function* invalidValues(
  plane: Plane,
  schema: NormalizedSchema,
  constraint: Constraint,
): Generator<InvalidValue> {
  const { integer, min = 0, max = Infinity, pattern } = constraint;
  const measure = schema.isNumericSchema() ? 'value' : 'length';
  const tooLow = `Member must have ${measure} greater than or equal to ${min}`;
  const tooHigh = `Member must have ${measure} less than or equal to ${max}`;
  if (schema.isNumericSchema()) {
    if (constraint.min !== undefined) yield { value: min - 1, requirement: tooLow };
    if (constraint.max !== undefined) yield { value: max + 1, requirement: tooHigh };
    if (integer) yield { value: min + 0.5, requirement: 'Member must be an integer' };
    return;
  }
  // An empty label would disappear from the path.
  const { httpLabel, httpHeader } = schema.getMergedTraits();
  // The SDK does not send an empty Content-Type.
  const shortest = httpLabel || httpHeader === 'Content-Type' ? 1 : 0;
  if (min > shortest) {
    const short = ofLength(min - 1, plane, schema, constraint);
    if (short !== undefined) yield { value: short, requirement: tooLow };
  }
  if (max <= (schema.isStringSchema() ? LONGEST_TEXT : LONGEST_LIST)) {
    const long = ofLength(max + 1, plane, schema, constraint);
    if (long !== undefined) yield { value: long, requirement: tooHigh };
  }
  if (constraint.enum) {
    const requirement = `Member must satisfy enum value set: [${constraint.enum.join(', ')}]`;
    yield { value: 'none of these'.slice(0, max), requirement };
  }
  if (pattern !== undefined) {
    const requirement = `Member must satisfy regular expression pattern: ${pattern}`;
    for (const value of mismatches(pattern, schema, constraint)) yield { value, requirement };
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
    // Some maps allow more entries than there are possible keys.
    if (tries > 20 * length) return undefined;
    entries.set(sampler.value(schema.getKeySchema(), key) as string, item());
  }
  return Object.fromEntries(entries);
}

/** Texts that a pattern does not match as a whole, although it may match a part of them. */
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
  if (texts.length === 0) throw new Error(`every text matches ${pattern}`);
  return texts;
}
