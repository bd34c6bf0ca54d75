import type { Member, Schema } from '../../../src/shared/awsModel/schema.ts';
import { isPatternLoosened } from '../../../emulator/wire/loosenings.ts';
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
  value(schema: Schema, override?: Override): unknown;
  /** The members of nested structures and unions that no sample has contained so far. */
  uncovered(schema: Schema): string[];
}

/** Settings of a sampler. */
export interface SamplerOptions {
  /** False to set only required members. */
  readonly full: boolean;
  /** False to respect only types, for responses. */
  readonly constrained?: boolean;
  /** The members that samples may have; all by default. */
  readonly has?: (member: Member) => boolean;
}

type Members = Record<string, unknown>;

/** Headers keep these characters unchanged and trim spaces. */
const VISIBLE = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
const TEXT = Array.from('abcXYZ019 -_/.:#%&?=+"\'\\{}\n\té漢😀');
const DOCUMENTS = ['text', 7.25, true, ['a', [], { b: 1 }], { deep: { er: ['…', false] } }, {}];

interface Constraint {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** Creates a sampler. The same seed gives the same samples. */
export function createSampler(
  seed: string,
  { full, constrained = true, has = () => true }: SamplerOptions,
): Sampler {
  const random = createRandom(seed);
  const covered = new Set<string>();
  const unionUses = new Map<string, number>();
  const membersBelow = new Map<Schema, ReadonlySet<string>>();

  /** Streams have their errors as members. A sample contains none. */
  function findMembers(schema: Schema): Member[] {
    return [...schema.members.values()].filter((member) => !member.schema.isError && has(member));
  }

  /** The members of all nested structures and unions, as `Structure.member`. */
  function findMembersBelow(schema: Schema): ReadonlySet<string> {
    let found = membersBelow.get(schema);
    if (!found) membersBelow.set(schema, (found = addMembersBelow(schema, new Set())));
    return found;
  }

  function addMembersBelow(schema: Schema, into: Set<string>): Set<string> {
    if (schema.type === 'list' || schema.type === 'map') return addMembersBelow(schema.each, into);
    for (const member of findMembers(schema)) {
      const key = `${schema.name}.${member.name}`;
      if (into.has(key)) continue;
      into.add(key);
      addMembersBelow(member.schema, into);
    }
    return into;
  }

  function value(schema: Schema, override?: Override, member?: Member, depth = 0): unknown {
    if (override?.steps.length === 0) return override.value;
    switch (schema.type) {
      case 'document':
        return random.pick(DOCUMENTS);
      case 'string':
        return text(schema, member);
      case 'boolean':
        return random.int(0, 1) === 1;
      case 'integer':
      case 'float':
        return number(schema, member);
      case 'timestamp':
        return new Date(time(random));
      case 'blob':
        return Uint8Array.from({ length: bytesOf(schema, member) }, () => random.int(0, 255));
      case 'list':
        return list(schema, override, member, depth);
      case 'map':
        return map(schema, override, depth);
      case 'union':
        return schema.isStreaming
          ? [...findMembersBelow(schema)].map(() => union(schema, override, depth))
          : union(schema, override, depth);
      case 'structure':
        return structure(schema, override, depth);
    }
  }

  function limits(schema: Schema): Constraint {
    return constrained ? schema : {};
  }

  function size({ min = 0, max = Infinity }: Constraint, spread: number): number {
    return random.int(min, Math.min(max, min + spread));
  }

  /** An empty body would be an absent one. */
  function bytesOf(schema: Schema, member: Member | undefined): number {
    const length = size(limits(schema), 6);
    return member?.location === 'payload' ? Math.max(length, 1) : length;
  }

  /** Recursive shapes end when all of their members are covered. */
  function count(schema: Schema, depth: number): number {
    const { min = 0, max = Infinity } = limits(schema);
    const minimum = Math.max(min, depth < 16 && hasUncovered(schema.each) ? 1 : 0);
    if (depth > 4 || !full) return Math.min(minimum, max);
    // Top-level lists get several items, so that a lost item is noticed.
    return size({ min: depth <= 1 ? Math.max(minimum, Math.min(2, max)) : minimum, max }, 2);
  }

  function hasUncovered(schema: Schema): boolean {
    return full && uncovered(schema).length > 0;
  }

  function list(
    schema: Schema,
    override: Override | undefined,
    member: Member | undefined,
    depth: number,
  ): unknown[] {
    // An empty list in a query would be absent.
    const minimum = override || member?.location === 'query' ? 1 : 0;
    const length = Math.max(count(schema, depth), minimum);
    return Array.from({ length }, (_, index) =>
      value(schema.each, index === 0 ? stepInto(override) : undefined, undefined, depth + 1),
    );
  }

  function map(schema: Schema, override: Override | undefined, depth: number): Members {
    const length = Math.max(count(schema, depth), override ? 1 : 0);
    const entries = new Map<string, unknown>();
    for (let tries = 0; entries.size < length && tries < 50; tries++) {
      const overridden = tries === 0 ? override : undefined;
      const key = value(
        schema.key,
        overridden?.steps[0] === KEY ? stepInto(overridden) : undefined,
      );
      const inside = overridden?.steps[0] === EACH ? stepInto(overridden) : undefined;
      entries.set(key as string, value(schema.each, inside, undefined, depth + 1));
    }
    return Object.fromEntries(entries);
  }

  function union(schema: Schema, override: Override | undefined, depth: number): Members {
    const { name } = schema;
    const members = findMembers(schema);
    const use = unionUses.get(name) ?? 0;
    unionUses.set(name, use + 1);
    const overridden = [...schema.members.values()].find(
      (member) => member.name === override?.steps[0],
    );
    const uncoveredMember = members.find(
      (member) =>
        full &&
        (!covered.has(`${name}.${member.name}`) || (depth < 16 && hasUncovered(member.schema))),
    );
    const member = overridden ?? uncoveredMember ?? members[use % members.length]!;
    covered.add(`${name}.${member.name}`);
    return {
      [member.name]: value(member.schema, overridden && stepInto(override), member, depth + 1),
    };
  }

  function structure(schema: Schema, override: Override | undefined, depth: number): Members {
    const { name } = schema;
    if (depth > 25) throw new Error(`${name} never ends`);
    const members: Members = {};
    for (const member of findMembers(schema)) {
      const key = `${name}.${member.name}`;
      const overridden = member.name === override?.steps[0];
      const isIncluded =
        full && (depth < 4 || !covered.has(key) || (depth < 16 && hasUncovered(member.schema)));
      if (!(overridden || isIncluded || member.isRequired || isAlwaysSet(member))) continue;
      covered.add(key);
      const inside = overridden ? stepInto(override) : undefined;
      members[member.name] = value(member.schema, inside, member, depth + 1);
    }
    return members;
  }

  function uncovered(schema: Schema): string[] {
    return [...findMembersBelow(schema)].filter((key) => !covered.has(key));
  }

  function number(schema: Schema, member: Member | undefined): number {
    if (member?.location === 'status') return random.int(200, 203);
    const { min, max } = limits(schema);
    const low = min ?? Math.min(0, (max ?? 0) - 1000);
    const high = max ?? low + 1000;
    const whole = random.int(Math.ceil(low), Math.floor(high));
    return schema.type === 'integer' || whole + 0.125 > high ? whole : whole + 0.125;
  }

  function text(schema: Schema, member: Member | undefined): string {
    const isHeader = member?.location === 'header';
    const alphabet = isHeader ? VISIBLE : undefined;
    const limit = limits(schema);
    const min = Math.max(limit.min ?? 0, isHeader || member?.location === 'label' ? 1 : 0);
    if (constrained && schema.enum) return random.pick(schema.enum);
    if (constrained && schema.pattern !== undefined && !isPatternLoosened(schema.name)) {
      return generateMatch(schema.pattern, { min, max: limit.max }, random, alphabet);
    }
    const length = random.int(min, Math.min(limit.max ?? Infinity, min + 40));
    return Array.from({ length }, () => random.pick(alphabet ?? TEXT)).join('');
  }

  return { value: (schema, override) => value(schema, override), uncovered };
}

function isAlwaysSet({ schema, location }: Member): boolean {
  return schema.isStreaming || location === 'status';
}

function stepInto(override: Override | undefined): Override | undefined {
  return override && { ...override, steps: override.steps.slice(1) };
}

// Some times in milliseconds have no exact fraction in seconds and are rounded down.
function time(random: Random): number {
  return random.pick([0, 1_090_413_239_784, random.int(0, 4_000_000_000_000)]);
}
