import type { Schema } from '../../src/shared/awsModel/schema.ts';

/** Writes a value as JSON in the form that its schema gives it. */
export function writeJson(schema: Schema, value: unknown): Buffer {
  return Buffer.from(JSON.stringify(toJson(schema, value)));
}

/** Converts a value to what JSON can represent. Members that the schema does not have are left out. */
function toJson(schema: Schema, value: unknown): unknown {
  switch (schema.type) {
    case 'timestamp':
      return schema.isIso ? (value as Date).toISOString() : (value as Date).getTime() / 1000;
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64');
    case 'list': {
      const { each } = schema;
      return (value as readonly unknown[]).map((item) => toJson(each, item));
    }
    case 'map': {
      const { each } = schema;
      return Object.fromEntries(
        Object.entries(value as object).map(([key, item]) => [key, toJson(each, item)]),
      );
    }
    case 'structure':
    case 'union': {
      const source = value as Readonly<Record<string, unknown>>;
      const members: Record<string, unknown> = {};
      for (const { name, wireName, schema: member, location } of schema.members.values()) {
        const item = source[name];
        if (item != null && location === 'body') members[wireName] = toJson(member, item);
      }
      return members;
    }
    case 'string':
    case 'boolean':
    case 'integer':
    case 'float':
    case 'document':
      return value;
  }
}

/** A number with more digits than a JavaScript number can represent, as it was written. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Writes the original text. */
  toJSON(): unknown {
    return rawJson(this.text);
  }
}
// Missing in TypeScript's library types.
const { rawJSON: rawJson } = JSON as unknown as { rawJSON: (text: string) => unknown };
const parse = JSON.parse as (
  text: string,
  reviver?: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown;

// A reviver makes parsing several times slower and is rarely needed.
const MAY_BE_LONG = /\d(?:[\d.]{15}|[eE][+-]?\d{3})/;

/** Parses JSON. A number that JavaScript would round becomes an ExactNumber. */
export function readJson(text: string): unknown {
  if (!MAY_BE_LONG.test(text)) return parse(text);
  return parse(text, (_, value, { source }) =>
    typeof value === 'number' && source !== undefined && isRounded(value, source)
      ? new ExactNumber(source)
      : value,
  );
}

function isRounded(value: number, source: string): boolean {
  return MAY_BE_LONG.test(source) && String(value) !== source;
}
