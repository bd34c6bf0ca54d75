import type { NormalizedSchema } from '@smithy/core/schema';
import { findConstraints, type Constraint } from '../../../emulator/wire/constraints.ts';
import type { Plane } from '../../../emulator/wire/operations.ts';
import { generateMatch } from './matchingText.ts';
import { createRandom, type Random } from './random.ts';

/** A step down from a structure: a member's name, a list's item, or a map's key or value. */
export type Step = string | typeof EACH | typeof KEY;
export const EACH: unique symbol = Symbol('each');
export const KEY: unique symbol = Symbol('key');

/** A value to use at one path of a sample, regardless of the schema. */
export interface Override {
  readonly steps: readonly Step[];
  readonly value: unknown;
}

/** Generates values that a schema and the model's constraints allow. */
export interface Sampler {
  value(schema: NormalizedSchema, constraint?: Constraint, override?: Override): unknown;
  /** The members of nested structures and unions that no sample has contained so far. */
  uncovered(schema: NormalizedSchema): string[];
}

type Members = Record<string, unknown>;

const REQUIRED_COUNT = 6;
/** Headers keep these characters unchanged and trim spaces. */
const VISIBLE = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
const TEXT = Array.from('abcXYZ019 -_/.:#%&?=+"\'\\{}\n\té漢😀');
const DOCUMENTS = ['text', 7.25, true, ['a', [], { b: 1 }], { deep: { er: ['…', false] } }, {}];

/** The members of all nested structures and unions, as `Structure.member`. */
function membersBelow(schema: NormalizedSchema, into = new Set<string>()): Set<string> {
  if (schema.isListSchema() || schema.isMapSchema())
    return membersBelow(schema.getValueSchema(), into);
  if (!schema.isStructSchema()) return into;
  for (const [name, member] of schema.structIterator()) {
    if (isError(member)) continue;
    const key = `${schema.getName()}.${name}`;
    if (into.has(key)) continue;
    into.add(key);
    membersBelow(member, into);
  }
  return into;
}

/** The number of required members of a structure, which come first. */
export function requiredCount(schema: NormalizedSchema): number {
  const definition: unknown = schema.getSchema();
  const count: unknown = Array.isArray(definition) ? definition[REQUIRED_COUNT] : 0;
  return typeof count === 'number' ? count : 0;
}

/** Streams have their errors as members. A sample contains none. */
function isError(schema: NormalizedSchema): boolean {
  const definition: unknown = schema.getSchema();
  return Array.isArray(definition) && definition[0] === -3;
}

/**
 * Creates a sampler. With `plane` it respects that plane's constraints on inputs, otherwise only types.
 * `full` sets every member, otherwise only required ones are set.
 */
export function createSampler(
  seed: string,
  { plane, full }: { plane?: Plane; full: boolean },
): Sampler {
  const random = createRandom(seed);
  const covered = new Set<string>();
  const unionUses = new Map<string, number>();

  function value(
    schema: NormalizedSchema,
    constraint: Constraint = {},
    override?: Override,
    depth = 0,
  ): unknown {
    if (override?.steps.length === 0) return override.value;
    if (schema.isDocumentSchema()) return random.pick(DOCUMENTS);
    if (schema.isStringSchema()) return text(schema, constraint, random);
    if (schema.isBooleanSchema()) return random.int(0, 1) === 1;
    if (schema.isNumericSchema()) return number(schema, constraint, random);
    if (schema.isTimestampSchema()) return new Date(time(random));
    if (schema.isBlobSchema()) {
      return Uint8Array.from({ length: size(constraint, 6) }, () => random.int(0, 255));
    }
    if (schema.isListSchema()) return list(schema, constraint, override, depth);
    if (schema.isMapSchema()) return map(schema, constraint, override, depth);
    if (schema.isUnionSchema() && schema.isStreaming()) {
      return [...membersBelow(schema)].map(() => union(schema, override, depth));
    }
    if (schema.isUnionSchema()) return union(schema, override, depth);
    return structure(schema, override, depth);
  }

  function size({ min = 0, max = Infinity }: Constraint, spread: number): number {
    return random.int(min, Math.min(max, min + spread));
  }

  /** Recursive shapes end when all of their members are covered. */
  function count(constraint: Constraint, depth: number, schema: NormalizedSchema): number {
    const { min = 0, max = Infinity } = constraint;
    const minimum = Math.max(min, depth < 16 && hasUncovered(schema) ? 1 : 0);
    if (depth > 4 || !full) return Math.min(minimum, max);
    // Top-level lists get several items, so that a lost item is noticed.
    return size({ min: depth <= 1 ? Math.max(minimum, Math.min(2, max)) : minimum, max }, 2);
  }

  function hasUncovered(schema: NormalizedSchema): boolean {
    return full && uncovered(schema).length > 0;
  }

  function list(
    schema: NormalizedSchema,
    constraint: Constraint,
    override: Override | undefined,
    depth: number,
  ): unknown[] {
    const each = schema.getValueSchema();
    // An empty list in a query would be absent.
    const minimum = override || schema.getMergedTraits().httpQuery !== undefined ? 1 : 0;
    const length = Math.max(count(constraint, depth, each), minimum);
    return Array.from({ length }, (_, index) =>
      value(each, constraint.each, index === 0 ? stepInto(override) : undefined, depth + 1),
    );
  }

  function map(
    schema: NormalizedSchema,
    constraint: Constraint,
    override: Override | undefined,
    depth: number,
  ): Members {
    const [keys, values] = [schema.getKeySchema(), schema.getValueSchema()];
    const length = Math.max(count(constraint, depth, values), override ? 1 : 0);
    const entries = new Map<string, unknown>();
    for (let tries = 0; entries.size < length && tries < 50; tries++) {
      const overridden = tries === 0 ? override : undefined;
      const key = value(
        keys,
        constraint.key,
        overridden?.steps[0] === KEY ? stepInto(overridden) : undefined,
      );
      const inside = overridden?.steps[0] === EACH ? stepInto(overridden) : undefined;
      entries.set(key as string, value(values, constraint.each, inside, depth + 1));
    }
    return Object.fromEntries(entries);
  }

  function union(schema: NormalizedSchema, override: Override | undefined, depth: number): Members {
    const name = schema.getName() ?? '';
    const members = [...schema.structIterator()].filter(([, member]) => !isError(member));
    const use = unionUses.get(name) ?? 0;
    unionUses.set(name, use + 1);
    const overridden = members.find(([member]) => member === override?.steps[0]);
    const uncoveredMember = members.find(
      ([member, inside]) =>
        full && (!covered.has(`${name}.${member}`) || (depth < 16 && hasUncovered(inside))),
    );
    const [member, inside] = overridden ?? uncoveredMember ?? members[use % members.length]!;
    covered.add(`${name}.${member}`);
    const constraint = plane && findConstraints(plane, name)[member];
    return { [member]: value(inside, constraint, overridden && stepInto(override), depth + 1) };
  }

  function structure(
    schema: NormalizedSchema,
    override: Override | undefined,
    depth: number,
  ): Members {
    const name = schema.getName() ?? '';
    if (depth > 25) throw new Error(`${name} never ends`);
    const required = requiredCount(schema);
    const constraints = plane ? findConstraints(plane, name) : {};
    const members: Members = {};
    [...schema.structIterator()].forEach(([member, inside], index) => {
      const key = `${name}.${member}`;
      const overridden = member === override?.steps[0];
      const isIncluded =
        full && (depth < 4 || !covered.has(key) || (depth < 16 && hasUncovered(inside)));
      if (!(overridden || isIncluded || index < required || isAlwaysSet(inside))) return;
      covered.add(key);
      members[member] = value(
        inside,
        constraints[member],
        overridden ? stepInto(override) : undefined,
        depth + 1,
      );
    });
    return members;
  }

  function uncovered(schema: NormalizedSchema): string[] {
    return [...membersBelow(schema)].filter((key) => !covered.has(key));
  }

  return { value, uncovered };
}

function isAlwaysSet(schema: NormalizedSchema): boolean {
  return schema.isStreaming() || schema.getMergedTraits().httpResponseCode === 1;
}

function stepInto(override: Override | undefined): Override | undefined {
  return override && { ...override, steps: override.steps.slice(1) };
}

function number(
  schema: NormalizedSchema,
  { integer, min, max }: Constraint,
  random: Random,
): number {
  if (schema.getMergedTraits().httpResponseCode) return random.int(200, 203);
  const low = min ?? Math.min(0, (max ?? 0) - 1000);
  const high = max ?? low + 1000;
  const whole = random.int(Math.ceil(low), Math.floor(high));
  return integer || whole + 0.125 > high ? whole : whole + 0.125;
}

// Some times in milliseconds have no exact fraction in seconds and are rounded down.
function time(random: Random): number {
  return random.pick([0, 1_090_413_239_784, random.int(0, 4_000_000_000_000)]);
}

function text(schema: NormalizedSchema, constraint: Constraint, random: Random): string {
  const { httpHeader, httpLabel } = schema.getMergedTraits();
  const min = Math.max(constraint.min ?? 0, httpHeader !== undefined || httpLabel ? 1 : 0);
  const max = Math.min(constraint.max ?? Infinity, min + 40);
  if (constraint.enum) return random.pick(constraint.enum);
  const alphabet = httpHeader === undefined ? undefined : VISIBLE;
  if (constraint.pattern !== undefined) {
    return generateMatch(constraint.pattern, { min, max: constraint.max }, random, alphabet);
  }
  const length = random.int(min, max);
  return Array.from({ length }, () => random.pick(alphabet ?? TEXT)).join('');
}
