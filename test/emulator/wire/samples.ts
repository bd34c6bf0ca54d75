import type { NormalizedSchema } from '@smithy/core/schema';
import { findConstraints, type Constraint } from '../../../emulator/wire/constraints.ts';
import type { Plane } from '../../../emulator/wire/operations.ts';
import { textMatching } from './patterns.ts';
import { createRandom, type Random } from './random.ts';

/** A way down from a structure: a member's name, or into what a list or map holds. */
export type Step = string | typeof EACH | typeof KEY;
export const EACH: unique symbol = Symbol('each');
export const KEY: unique symbol = Symbol('key');

/** A value that is to stand at one place of a sample, whatever the schema says. */
export interface Wish {
  readonly steps: readonly Step[];
  readonly value: unknown;
}

/** Makes up values that a schema, and the model's constraints, allow. */
export interface Sampler {
  value(schema: NormalizedSchema, constraint?: Constraint, wish?: Wish): unknown;
  /** The members of structures and unions below a schema that no sample has had so far. */
  unseen(schema: NormalizedSchema): string[];
}

type Members = Record<string, unknown>;

const REQUIRED_COUNT = 6;
/** Headers hold these characters as they are, and trim spaces. */
const VISIBLE = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
const TEXT = Array.from('abcXYZ019 -_/.:#%&?=+"\'\\{}\n\té漢😀');
const DOCUMENTS = ['text', 7.25, true, ['a', [], { b: 1 }], { deep: { er: ['…', false] } }, {}];

/** The structures and unions below a schema, member by member, as `Structure.member`. */
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

/** How many members of a structure are required; they stand first. */
export function requiredCount(schema: NormalizedSchema): number {
  const definition: unknown = schema.getSchema();
  const count: unknown = Array.isArray(definition) ? definition[REQUIRED_COUNT] : 0;
  return typeof count === 'number' ? count : 0;
}

/** Streams carry their errors as members; a sample is what comes when all is well. */
function isError(schema: NormalizedSchema): boolean {
  const definition: unknown = schema.getSchema();
  return Array.isArray(definition) && definition[0] === -3;
}

/**
 * A sampler for one plane: with `plane` it holds to the constraints of what is sent, without it
 * only to types. `full` sets every member, otherwise only those that must be.
 */
export function createSampler(
  seed: string,
  { plane, full }: { plane?: Plane; full: boolean },
): Sampler {
  const random = createRandom(seed);
  const seen = new Set<string>();
  const turns = new Map<string, number>();

  function value(
    schema: NormalizedSchema,
    constraint: Constraint = {},
    wish?: Wish,
    depth = 0,
  ): unknown {
    if (wish?.steps.length === 0) return wish.value;
    if (schema.isDocumentSchema()) return random.pick(DOCUMENTS);
    if (schema.isStringSchema()) return text(schema, constraint, random);
    if (schema.isBooleanSchema()) return random.int(0, 1) === 1;
    if (schema.isNumericSchema()) return number(schema, constraint, random);
    if (schema.isTimestampSchema()) return new Date(time(random));
    if (schema.isBlobSchema()) {
      return Uint8Array.from({ length: size(constraint, 6) }, () => random.int(0, 255));
    }
    if (schema.isListSchema()) return list(schema, constraint, wish, depth);
    if (schema.isMapSchema()) return map(schema, constraint, wish, depth);
    if (schema.isUnionSchema() && schema.isStreaming()) {
      return [...membersBelow(schema)].map(() => union(schema, wish, depth));
    }
    if (schema.isUnionSchema()) return union(schema, wish, depth);
    return structure(schema, wish, depth);
  }

  function size({ min = 0, max = Infinity }: Constraint, spread: number): number {
    return random.int(min, Math.min(max, min + spread));
  }

  /** Recursive shapes end where nothing new is to be found. */
  function count(constraint: Constraint, depth: number, schema: NormalizedSchema): number {
    const { min = 0, max = Infinity } = constraint;
    const least = Math.max(min, depth < 16 && isFresh(schema) ? 1 : 0);
    if (depth > 4 || !full) return Math.min(least, max);
    // Of what stands at the top there are several, so that none of them can get lost.
    return size({ min: depth <= 1 ? Math.max(least, Math.min(2, max)) : least, max }, 2);
  }

  function isFresh(schema: NormalizedSchema): boolean {
    return full && unseen(schema).length > 0;
  }

  function list(
    schema: NormalizedSchema,
    constraint: Constraint,
    wish: Wish | undefined,
    depth: number,
  ): unknown[] {
    const each = schema.getValueSchema();
    // An empty list in a query would be no list at all.
    const least = wish || schema.getMergedTraits().httpQuery !== undefined ? 1 : 0;
    const length = Math.max(count(constraint, depth, each), least);
    return Array.from({ length }, (_, index) =>
      value(each, constraint.each, index === 0 ? below(wish) : undefined, depth + 1),
    );
  }

  function map(
    schema: NormalizedSchema,
    constraint: Constraint,
    wish: Wish | undefined,
    depth: number,
  ): Members {
    const [keys, values] = [schema.getKeySchema(), schema.getValueSchema()];
    const length = Math.max(count(constraint, depth, values), wish ? 1 : 0);
    const entries = new Map<string, unknown>();
    for (let tries = 0; entries.size < length && tries < 50; tries++) {
      const wished = tries === 0 ? wish : undefined;
      const key = value(keys, constraint.key, wished?.steps[0] === KEY ? below(wished) : undefined);
      const inside = wished?.steps[0] === EACH ? below(wished) : undefined;
      entries.set(key as string, value(values, constraint.each, inside, depth + 1));
    }
    return Object.fromEntries(entries);
  }

  function union(schema: NormalizedSchema, wish: Wish | undefined, depth: number): Members {
    const name = schema.getName() ?? '';
    const members = [...schema.structIterator()].filter(([, member]) => !isError(member));
    const turn = turns.get(name) ?? 0;
    turns.set(name, turn + 1);
    const wished = members.find(([member]) => member === wish?.steps[0]);
    const fresh = members.find(
      ([member, inside]) =>
        full && (!seen.has(`${name}.${member}`) || (depth < 16 && isFresh(inside))),
    );
    const [member, inside] = wished ?? fresh ?? members[turn % members.length]!;
    seen.add(`${name}.${member}`);
    const constraint = plane && findConstraints(plane, name)[member];
    return { [member]: value(inside, constraint, wished && below(wish), depth + 1) };
  }

  function structure(schema: NormalizedSchema, wish: Wish | undefined, depth: number): Members {
    const name = schema.getName() ?? '';
    if (depth > 25) throw new Error(`${name} never ends`);
    const required = requiredCount(schema);
    const constraints = plane ? findConstraints(plane, name) : {};
    const members: Members = {};
    [...schema.structIterator()].forEach(([member, inside], index) => {
      const key = `${name}.${member}`;
      const wished = member === wish?.steps[0];
      const wanted = full && (depth < 4 || !seen.has(key) || (depth < 16 && isFresh(inside)));
      if (!(wished || wanted || index < required || isAlwaysThere(inside))) return;
      seen.add(key);
      members[member] = value(
        inside,
        constraints[member],
        wished ? below(wish) : undefined,
        depth + 1,
      );
    });
    return members;
  }

  function unseen(schema: NormalizedSchema): string[] {
    return [...membersBelow(schema)].filter((key) => !seen.has(key));
  }

  return { value, unseen };
}

function isAlwaysThere(schema: NormalizedSchema): boolean {
  return schema.isStreaming() || schema.getMergedTraits().httpResponseCode === 1;
}

function below(wish: Wish | undefined): Wish | undefined {
  return wish && { ...wish, steps: wish.steps.slice(1) };
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

// As seconds, some milliseconds are no exact fraction and end up below the whole number.
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
    return textMatching(constraint.pattern, { min, max: constraint.max }, random, alphabet);
  }
  const length = random.int(min, max);
  return Array.from({ length }, () => random.pick(alphabet ?? TEXT)).join('');
}
