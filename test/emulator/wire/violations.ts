import type { Member, Schema } from '../../../src/shared/awsModel/schema.ts';
import { isPatternLoosened } from '../../../emulator/wire/loosenings.ts';
import { operations, type Operation, type Plane } from '../../../emulator/wire/operations.ts';
import { hasStreamedInput } from './sampleMessages.ts';
import { createSampler, EACH, KEY, type Step } from './samples.ts';

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
  const seen: Record<Plane, Set<Schema>> = {
    data: new Set(),
    control: new Set(),
    models: new Set(),
  };
  for (const operation of operations.values()) {
    if (hasStreamedInput(operation)) continue;
    const at = { operation, steps: [], sensitive: false };
    yield* violationsBelow(operation.input, at, seen[operation.plane]);
  }
}

interface Location {
  readonly operation: Operation;
  readonly steps: readonly Step[];
  readonly sensitive: boolean;
}

function* violationsBelow(
  structure: Schema,
  { operation, steps, sensitive }: Location,
  seen: Set<Schema>,
): Generator<Violation> {
  if (seen.has(structure)) return;
  seen.add(structure);
  for (const member of structure.members.values()) {
    const at = { operation, steps: [...steps, member.name], sensitive };
    if (member.isRequired && isOmittable(member)) yield createViolation(member.schema, at, NULL);
    yield* violationsAt(member.schema, member, at, seen);
  }
}

// A path without its label is a different path, and the SDK fills in tokens and empty bodies.
function isOmittable({ location, isToken }: Member): boolean {
  return location !== 'label' && location !== 'payload' && !isToken;
}

function* violationsAt(
  schema: Schema,
  member: Member | undefined,
  at: Location,
  seen: Set<Schema>,
): Generator<Violation> {
  for (const invalid of invalidValues(schema, member)) yield createViolation(schema, at, invalid);
  const sensitive = at.sensitive || schema.isSensitive;
  const inside = (step: Step): Location => ({ ...at, steps: [...at.steps, step], sensitive });
  if (schema.type === 'map') yield* violationsAt(schema.key, undefined, inside(KEY), seen);
  if (schema.type === 'list' || schema.type === 'map') {
    yield* violationsAt(schema.each, undefined, inside(EACH), seen);
  } else {
    yield* violationsBelow(schema, { ...at, sensitive }, seen);
  }
}

function createViolation(
  schema: Schema,
  { operation, steps, sensitive }: Location,
  { value, requirement }: InvalidValue,
): Violation {
  const sampler = createSampler(operation.name, { full: false });
  const input = sampler.value(operation.input, { steps, value }) as Violation['input'];
  const path = pathOf(input, steps);
  const isSensitiveValue =
    sensitive || schema.isSensitive || (value !== undefined && containsSensitive(schema));
  return { operation, input, path, value, sensitive: isSensitiveValue, requirement };
}

function containsSensitive(schema: Schema, seen = new Set<Schema>()): boolean {
  if (schema.isSensitive) return true;
  if (seen.has(schema)) return false;
  seen.add(schema);
  if (schema.type === 'list' || schema.type === 'map') return containsSensitive(schema.each, seen);
  return [...schema.members.values()].some((member) => containsSensitive(member.schema, seen));
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

function* invalidValues(schema: Schema, member: Member | undefined): Generator<InvalidValue> {
  const { type, min = 0, max = Infinity, pattern } = schema;
  const isNumber = type === 'integer' || type === 'float';
  const measure = isNumber ? 'value' : 'length';
  const tooLow = `Member must have ${measure} greater than or equal to ${min}`;
  const tooHigh = `Member must have ${measure} less than or equal to ${max}`;
  if (isNumber) {
    if (schema.min !== undefined) yield { value: min - 1, requirement: tooLow };
    if (schema.max !== undefined) yield { value: max + 1, requirement: tooHigh };
    if (type === 'integer') yield { value: min + 0.5, requirement: 'Member must be an integer' };
    return;
  }
  // An empty label would disappear from the path. The SDK does not send an empty Content-Type.
  const shortest = member?.location === 'label' || member?.wireName === 'content-type' ? 1 : 0;
  if (min > shortest) {
    const short = ofLength(min - 1, schema);
    if (short !== undefined) yield { value: short, requirement: tooLow };
  }
  if (max <= (type === 'string' ? LONGEST_TEXT : LONGEST_LIST)) {
    const long = ofLength(max + 1, schema);
    if (long !== undefined) yield { value: long, requirement: tooHigh };
  }
  if (schema.enum) {
    const requirement = `Member must satisfy enum value set: [${schema.enum.join(', ')}]`;
    yield { value: 'none of these'.slice(0, max), requirement };
  }
  if (pattern !== undefined && !isPatternLoosened(schema.name)) {
    const requirement = `Member must satisfy regular expression pattern: ${pattern}`;
    for (const value of mismatches(pattern, schema, member)) yield { value, requirement };
  }
}

function ofLength(length: number, schema: Schema): unknown {
  if (schema.type === 'string') return 'a'.repeat(length);
  if (schema.type === 'blob') return new Uint8Array(length);
  const sampler = createSampler('many', { full: false });
  const item = () => sampler.value(schema.each);
  if (schema.type === 'list') return Array.from({ length }, item);
  const entries = new Map<string, unknown>();
  for (let tries = 0; entries.size < length; tries++) {
    // Some maps allow more entries than there are possible keys.
    if (tries > 20 * length) return undefined;
    entries.set(sampler.value(schema.key) as string, item());
  }
  return Object.fromEntries(entries);
}

/** Texts that a pattern does not match as a whole, although it may match a part of them. */
function mismatches(pattern: string, schema: Schema, member: Member | undefined): string[] {
  const { min = 1, max = Infinity } = schema;
  const expression = new RegExp(`^(?:${pattern})$`, 'u');
  const characters = Array.from(member?.location === 'header' ? '!/*#[:~' : '!/*#[: \n\u0001');
  const valid = createSampler(pattern, { full: false }).value(schema) as string;
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
