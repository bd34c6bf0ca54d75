import { isDeepStrictEqual } from 'node:util';
import { roleOf } from './roles.ts';
import {
  chooseNumber,
  chooseString,
  findBoolean,
  findEnumValue,
  findNumber,
  findString,
  type ValuePlace,
} from './scalarValue.ts';
import { isRecord, toBound } from './schema/jsonValue.ts';
import { flattenSchema, mergeSchemas } from './schema/mergeSchemas.ts';
import { patternExample } from './schema/patternExample.ts';
import { accepts } from './schema/schemaCheck.ts';
import type { Mentions } from './mentions.ts';
import { createSource } from './valueSource.ts';

/** Bounds of one value: nested values beyond which only required ones are generated, and all values. */
const MAX_OPTIONAL_DEPTH = 6;
const MAX_DEPTH = 24;
const MAX_VALUES = 3000;
const MAX_FOUND_ITEMS = 20;
const MAX_ITEMS = 1000;
/** Attempts to make a member of an array that differs from the others. */
const MAX_VARIANTS = 40;

type Keywords = Readonly<Record<string, unknown>>;

/**
 * Generates a value that satisfies a JSON schema from what prompts mention, the latest prompt first.
 * Optional values come from the first prompt only, required ones from all.
 */
export function createValue(schema: unknown, prompts: readonly Mentions[]): unknown {
  const sources = prompts.map(createSource);
  let count = 0;
  const isAccepted = (part: unknown) => (value: unknown) => accepts(part, value, schema);

  /** Returns undefined if the value is optional and the prompt has none. */
  function build(part: unknown, place: ValuePlace): unknown {
    count += 1;
    if (place.depth > MAX_DEPTH || count > MAX_VALUES) return place.required ? null : undefined;
    const flat = flattenSchema(part, schema);
    const description = typeof flat['description'] === 'string' ? flat['description'] : '';
    const described = { ...place, description: description || place.description };
    const value = buildFlat(flat, described);
    if (value === undefined || accepts(part, value, schema)) return value;
    if (!place.required) return undefined;
    const { default: byDefault, examples, if: condition, then, else: otherwise, ...rest } = flat;
    const known = [byDefault, ...(Array.isArray(examples) ? (examples as unknown[]) : [])];
    for (const branch of condition === undefined ? [] : [then, otherwise]) {
      if (isRecord(branch)) known.push(build(mergeSchemas(rest, branch), deeper(described)));
    }
    return known.find((each) => each !== undefined && isAccepted(part)(each)) ?? value;
  }

  function buildFlat(flat: Keywords, place: ValuePlace): unknown {
    const alternatives = [flat['anyOf'], flat['oneOf']].find(Array.isArray) as
      unknown[] | undefined;
    if (alternatives) return buildAlternative(flat, alternatives, place);
    if ('const' in flat) return place.required ? flat['const'] : undefined;
    if (Array.isArray(flat['enum'])) return buildEnum(flat, flat['enum'], place);
    const types = typesOf(flat, place);
    const found = firstDefined(types, (type) => buildType(type, flat, optional(place)));
    if (found !== undefined || !place.required) return found;
    if (isUsable(flat, flat['default'], place)) return flat['default'];
    const examples: unknown[] = Array.isArray(flat['examples']) ? flat['examples'] : [];
    const example: unknown = examples[place.variant];
    if (example !== undefined && accepts(flat, example, schema)) return example;
    return firstDefined(types, (type) => buildType(type, flat, place));
  }

  /** The default is the value of one member of an array only. */
  function isUsable(flat: Keywords, value: unknown, { variant }: ValuePlace): boolean {
    return value !== undefined && variant === 0 && accepts(flat, value, schema);
  }

  function buildAlternative(flat: Keywords, alternatives: unknown[], place: ValuePlace): unknown {
    const { anyOf, oneOf, ...rest } = flat;
    const other = anyOf && oneOf ? { allOf: [{ oneOf }] } : {};
    const merged = alternatives
      .filter((each) => each !== false)
      .map((each) => mergeSchemas({ ...rest, ...other }, flattenSchema(each, schema)));
    const isFitting = (value: unknown) => value !== undefined && accepts(flat, value, schema);
    const found = merged.map((each) => () => build(each, optional(deeper(place))));
    for (const attempt of found) {
      const value = attempt();
      if (isFitting(value)) return value;
    }
    if (!place.required) return undefined;
    if (isUsable(flat, flat['default'], place)) return flat['default'];
    // Alternatives take turns in an array of distinct members.
    const nonNull = merged.filter((each) => each['type'] !== 'null');
    const ordered = [...nonNull, ...merged.filter((each) => each['type'] === 'null')];
    let last: unknown = null;
    for (const each of ordered) {
      last = build(each, deeper(place));
      if (isFitting(last)) return last;
    }
    return last;
  }

  function buildEnum(flat: Keywords, values: unknown[], place: ValuePlace): unknown {
    const allowed = values.filter((value) => accepts(flat, value, schema));
    const found = firstDefined(sources.slice(0, place.required ? undefined : 1), (source) =>
      findEnumValue(allowed, source),
    );
    if (place.variant === 0 && found !== undefined) return found;
    if (!place.required) return undefined;
    if (isUsable(flat, flat['default'], place)) return flat['default'];
    return allowed[place.variant % Math.max(1, allowed.length)];
  }

  function buildType(type: unknown, flat: Keywords, place: ValuePlace): unknown {
    const ofType = type === undefined ? flat : { ...flat, type };
    const isValid = isAccepted(ofType);
    const searched = sources.slice(0, place.required ? undefined : 1);
    switch (type) {
      case 'object':
        return buildObject(flat, place);
      case 'array':
        return buildArray(flat, place);
      case 'string': {
        const found = firstDefined(searched, (source) => findString(flat, place, source, isValid));
        if (found !== undefined || !place.required) return found;
        return chooseString(flat, place, sources[0]!, isValid);
      }
      case 'integer':
      case 'number': {
        const found = firstDefined(searched, (source) => findNumber(place, source, isValid));
        if (found !== undefined || !place.required) return found;
        const source = sources.find(({ numbers }) => numbers.some(({ value }) => isValid(value)));
        return chooseNumber(flat, place, source ?? sources[0]!, isValid);
      }
      case 'boolean': {
        const found = firstDefined(searched, (source) => findBoolean(place, source));
        if (found !== undefined) return found;
        return place.required ? place.variant % 2 === 0 : undefined;
      }
      default:
        return place.required ? null : undefined;
    }
  }

  function buildObject(flat: Keywords, place: ValuePlace): unknown {
    const properties = new Map(
      isRecord(flat['properties']) ? Object.entries(flat['properties']) : [],
    );
    const required = Array.isArray(flat['required']) ? flat['required'].map(String) : [];
    const values = new Map<string, unknown>();
    const schemaOf = (key: string) => properties.get(key) ?? additional(flat);
    const fill = (key: string, isRequired: boolean) => {
      if (values.has(key)) return;
      const child = { ...place, name: key, description: '', depth: place.depth + 1, isItem: false };
      const value = build(schemaOf(key), { ...child, required: isRequired });
      if (value !== undefined) values.set(key, value);
    };
    if (place.depth < MAX_OPTIONAL_DEPTH) for (const key of properties.keys()) fill(key, false);
    if (!place.required && values.size === 0) return undefined;
    for (const key of required) fill(key, true);
    const [only] = properties.keys();
    // A tool such as `search` with an optional query is useless without it.
    if (place.depth === 0 && values.size === 0 && only !== undefined && isTextRole(only)) {
      fill(only, true);
    }
    const { dependentRequired } = flat;
    const minProperties = toBound(flat['minProperties'], 0);
    for (const [key, others] of isRecord(dependentRequired)
      ? Object.entries(dependentRequired)
      : []) {
      if (values.has(key) && Array.isArray(others))
        for (const each of others) fill(String(each), true);
    }
    for (const key of properties.keys()) if (values.size < minProperties) fill(key, true);
    for (let number = 1; values.size < minProperties && number < 100; number += 1) {
      fill(furtherKey(flat, number), true);
    }
    const order = [...properties.keys()];
    const position = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
    return Object.fromEntries([...values].toSorted(([a], [b]) => position(a) - position(b)));
  }

  function buildArray(flat: Keywords, place: ValuePlace): unknown {
    const { items, prefixItems, uniqueItems, contains } = flat;
    const minItems = Math.min(toBound(flat['minItems'], 0), MAX_ITEMS);
    const maxItems = Math.max(toBound(flat['maxItems'], Infinity), 0);
    const prefix: unknown[] = ([prefixItems, items].find(Array.isArray) as unknown[]) ?? [];
    const rest: unknown = Array.isArray(items) ? flat['additionalItems'] : items;
    const needed = Math.max(minItems, place.required ? Math.max(1, prefix.length) : 0);
    const most = Math.min(maxItems, rest === false ? prefix.length : Infinity);
    const values: unknown[] = [];
    const item = (required: boolean, variant: number) => {
      const index = values.length;
      const child = { ...place, required, variant, isItem: true, depth: place.depth + 1 };
      return build(index < prefix.length ? prefix[index] : (rest ?? contains ?? {}), child);
    };
    const isNew = (value: unknown) => !values.some((each) => isDeepStrictEqual(each, value));
    const mayFind = place.depth < MAX_OPTIONAL_DEPTH && isGreedy(flat, place);
    while (mayFind && values.length < Math.min(most, MAX_FOUND_ITEMS)) {
      const value = item(false, values.length);
      if (value === undefined || !isNew(value)) break;
      values.push(value);
    }
    if (!place.required && values.length === 0) return undefined;
    while (values.length < Math.min(needed, most)) {
      const { length } = values;
      let value = item(true, length);
      for (let more = 1; uniqueItems === true && !isNew(value) && more < MAX_VARIANTS; more += 1) {
        value = item(true, length + more);
      }
      values.push(value);
    }
    if (contains !== undefined && !values.some(isAccepted(contains))) {
      const value = build(contains, { ...deeper(place), required: true });
      if (values.length < most) values.push(value);
      else values[values.length - 1] = value;
    }
    return values;
  }

  /** Numbers and words of a prompt belong to an optional array only if the prompt names it. */
  function isGreedy({ items }: Keywords, place: ValuePlace): boolean {
    if (place.required) return true;
    const { type } = flattenSchema(items, schema);
    if (type === 'object' || (type === 'string' && roleOf(place.name, '') !== undefined))
      return true;
    return (
      place.depth === 1 && (type === 'number' || type === 'integer') && isNumberList(place.name)
    );
  }

  return build(schema, {
    name: '',
    description: '',
    required: true,
    isItem: false,
    depth: 0,
    variant: 0,
  });
}

function isNumberList(name: string): boolean {
  return /numbers|values|operands|amounts/i.test(name);
}

function isTextRole(name: string): boolean {
  const role = roleOf(name, '');
  return role === 'query' || role === 'message' || role === 'expression';
}

function optional(place: ValuePlace): ValuePlace {
  return { ...place, required: false };
}

function deeper(place: ValuePlace): ValuePlace {
  return { ...place, depth: place.depth + 1 };
}

function firstDefined<Item, Value>(
  items: readonly Item[],
  find: (item: Item) => Value | undefined,
): Value | undefined {
  for (const item of items) {
    const value = find(item);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The types of a schema that does not name them follow from its keywords. Null comes last. */
function typesOf(flat: Keywords, { depth }: ValuePlace): readonly unknown[] {
  const { type } = flat;
  const types: unknown[] = Array.isArray(type) ? type : type === undefined ? [] : [type];
  if (types.length > 0) {
    return [...types.filter((each) => each !== 'null'), ...types.filter((each) => each === 'null')];
  }
  const has = (...keywords: string[]) => keywords.some((keyword) => keyword in flat);
  if (has('properties', 'required', 'additionalProperties', 'minProperties')) return ['object'];
  if (has('items', 'prefixItems', 'minItems', 'contains')) return ['array'];
  if (has('minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf')) {
    return ['number'];
  }
  if (has('pattern', 'format', 'minLength', 'maxLength')) return ['string'];
  return depth === 0 ? ['object'] : ['string', 'object', 'array', 'number', 'boolean', 'null'];
}

/** The schema of properties that are not declared. */
function additional({ additionalProperties, patternProperties }: Keywords): unknown {
  if (isRecord(patternProperties)) return Object.values(patternProperties)[0];
  return additionalProperties ?? {};
}

function furtherKey({ propertyNames, patternProperties }: Keywords, number: number): string {
  const names = isRecord(propertyNames) ? propertyNames : {};
  if (Array.isArray(names['enum'])) return String(names['enum'][number - 1]);
  const [pattern] = isRecord(patternProperties) ? Object.keys(patternProperties) : [];
  const source = typeof names['pattern'] === 'string' ? names['pattern'] : pattern;
  return (source && patternExample(source, 0, number - 1)) ?? `key${number}`;
}
