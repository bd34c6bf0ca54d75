import type { Tool } from '../../src/shared/tools.ts';

/** A field of a tool's form, made of a property of its JSON schema. */
export interface ToolField {
  readonly name: string;
  readonly description: string | null;
  readonly required: boolean;
  readonly kind: FieldKind;
  /** As it is written at first. */
  readonly start: string;
}

/** How a value is written. What has no field of its own is written as JSON. */
export type FieldKind =
  | { readonly type: 'text' | 'integer' | 'number' | 'truth' | 'json' }
  | { readonly type: 'choice'; readonly choices: readonly string[] };

/** What is written in the fields, by their names. */
export type FieldValues = Readonly<Record<string, string>>;

/** What becomes of it: the arguments, or what is wrong with each field. */
export type FormResult =
  { readonly input: Readonly<Record<string, unknown>> } | { readonly problems: FieldValues };

type Schema = Readonly<Record<string, unknown>>;

/** The fields of a tool's form; what its schema says otherwise is the server's to check. */
export function createFields({ inputSchema }: Tool): ToolField[] {
  const required = Array.isArray(inputSchema['required'])
    ? (inputSchema['required'] as unknown[])
    : [];
  return Object.entries(asSchema(inputSchema['properties'])).map(([name, property]) => {
    const schema = withoutNull(asSchema(property));
    const outer = asSchema(property);
    const { description } = { ...schema, ...outer };
    const kind = kindOf(schema);
    const byDefault = outer['default'] ?? undefined;
    return {
      name,
      description: typeof description === 'string' ? description : null,
      required: required.includes(name),
      kind,
      start: byDefault === undefined ? '' : writtenAs(kind, byDefault),
    };
  });
}

function kindOf(schema: Schema): FieldKind {
  const choices = schema['enum'];
  if (Array.isArray(choices) && choices.every((choice) => typeof choice === 'string')) {
    return { type: 'choice', choices };
  }
  switch (schema['type']) {
    case 'string':
      return { type: 'text' };
    case 'integer':
    case 'number':
      return { type: schema['type'] };
    case 'boolean':
      return { type: 'truth' };
    default:
      return { type: 'json' };
  }
}

/** What may be left out is often written as something or null. */
function withoutNull(schema: Schema): Schema {
  const options = schema['anyOf'];
  if (!Array.isArray(options)) return schema;
  const others = options.map(asSchema).filter(({ type }) => type !== 'null');
  return others.length === 1 ? others[0]! : schema;
}

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? (value as Schema) : {};
}

function writtenAs({ type }: FieldKind, value: unknown): string {
  return typeof value === 'string' && type !== 'json' ? value : JSON.stringify(value);
}

/** Makes arguments of what is written; an optional field that is empty is left out. */
export function readForm(fields: readonly ToolField[], written: FieldValues): FormResult {
  const input: Record<string, unknown> = {};
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const text = written[field.name] ?? field.start;
    if (text === '' && (field.kind.type !== 'text' || !field.required)) {
      if (field.kind.type === 'truth' && field.required) input[field.name] = false;
      else if (field.required) problems[field.name] = 'It is required.';
      continue;
    }
    const value = read(field.kind, text);
    if (value instanceof Error) problems[field.name] = value.message;
    else input[field.name] = value;
  }
  return Object.keys(problems).length > 0 ? { problems } : { input };
}

function read({ type }: FieldKind, text: string): unknown {
  switch (type) {
    case 'text':
    case 'choice':
      return text;
    case 'truth':
      return text === 'true';
    case 'integer':
    case 'number': {
      const value = Number(text);
      if (Number.isNaN(value) || text.trim() === '') return new Error(`'${text}' is no number.`);
      const isWhole = type === 'number' || Number.isInteger(value);
      return isWhole ? value : new Error(`${text} is no whole number.`);
    }
    case 'json':
      try {
        return JSON.parse(text) as unknown;
      } catch (error) {
        return new Error(`It is no JSON: ${(error as Error).message}`);
      }
  }
}
