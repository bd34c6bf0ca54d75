import type { Tool } from '../../src/shared/tools.ts';

/** Form field for a property of a tool's JSON schema. */
export interface ToolField {
  readonly name: string;
  readonly description: string | null;
  readonly required: boolean;
  readonly kind: FieldKind;
  /** Initial text of the field. */
  readonly initialText: string;
}

/** Kind of input. Schemas without a special field are edited as JSON. */
export type FieldKind =
  | { readonly type: 'text' | 'integer' | 'number' | 'boolean' | 'json' }
  | { readonly type: 'choice'; readonly choices: readonly string[] };

/** Text by field name. */
export type FieldValues = Readonly<Record<string, string>>;

/** The arguments, or the error of each invalid field. */
export type FormResult =
  { readonly input: Readonly<Record<string, unknown>> } | { readonly problems: FieldValues };

type Schema = Readonly<Record<string, unknown>>;

/** Creates the fields of a tool's form. The server validates the other rules of the schema. */
export function createFields({ inputSchema }: Tool): ToolField[] {
  const required = Array.isArray(inputSchema['required'])
    ? (inputSchema['required'] as unknown[])
    : [];
  return Object.entries(asSchema(inputSchema['properties'])).map(([name, property]) => {
    const schema = withoutNull(asSchema(property));
    const outer = asSchema(property);
    const { description } = { ...schema, ...outer };
    const kind = readKind(schema);
    const defaultValue = outer['default'] ?? undefined;
    return {
      name,
      description: typeof description === 'string' ? description : null,
      required: required.includes(name),
      kind,
      initialText: defaultValue === undefined ? '' : formatValue(kind, defaultValue),
    };
  });
}

function readKind(schema: Schema): FieldKind {
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
      return { type: 'boolean' };
    default:
      return { type: 'json' };
  }
}

/** Generated schemas often describe an optional value as a union with null. */
function withoutNull(schema: Schema): Schema {
  const options = schema['anyOf'];
  if (!Array.isArray(options)) return schema;
  const others = options.map(asSchema).filter(({ type }) => type !== 'null');
  return others.length === 1 ? others[0]! : schema;
}

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? (value as Schema) : {};
}

function formatValue({ type }: FieldKind, value: unknown): string {
  return typeof value === 'string' && type !== 'json' ? value : JSON.stringify(value);
}

/** Reads the arguments from a form. Empty optional fields are omitted. */
export function readForm(fields: readonly ToolField[], values: FieldValues): FormResult {
  const input: Record<string, unknown> = {};
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const text = values[field.name] ?? field.initialText;
    if (text === '' && (field.kind.type !== 'text' || !field.required)) {
      if (field.kind.type === 'boolean' && field.required) input[field.name] = false;
      else if (field.required) problems[field.name] = 'This field is required.';
      continue;
    }
    const value = parseValue(field.kind, text);
    if (value instanceof Error) problems[field.name] = value.message;
    else input[field.name] = value;
  }
  return Object.keys(problems).length > 0 ? { problems } : { input };
}

function parseValue({ type }: FieldKind, text: string): unknown {
  switch (type) {
    case 'text':
    case 'choice':
      return text;
    case 'boolean':
      return text === 'true';
    case 'integer':
    case 'number': {
      const value = Number(text);
      if (Number.isNaN(value) || text.trim() === '') return new Error(`'${text}' is not a number.`);
      const isWhole = type === 'number' || Number.isInteger(value);
      return isWhole ? value : new Error(`${text} is not a whole number.`);
    }
    case 'json':
      try {
        return JSON.parse(text) as unknown;
      } catch (error) {
        return new Error(`Not valid JSON: ${(error as Error).message}`);
      }
  }
}
