import { ModelError } from '../../modelError.ts';

/** The JSON body of InvokeModel. */
export type ModelBody = Readonly<Record<string, unknown>>;

/** Parses a body. Throws AWS's error if it is not a JSON object. */
export function parseModelBody(bytes: Uint8Array | undefined): ModelBody {
  if (!bytes || bytes.length === 0) throw malformed('the body is empty');
  let body: unknown;
  try {
    body = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw malformed((error as Error).message);
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as ModelBody;
  throw malformed(`#: expected type: JSONObject, found: ${typeName(body)}`);
}

/** Reads a required string. */
export function readText(body: ModelBody, key: string): string {
  const value = body[key];
  if (value === undefined) throw malformed(`#: required key [${key}] not found`);
  if (typeof value !== 'string') throw wrongType(key, 'String', value);
  if (value === '') throw malformed(`#/${key}: expected minLength: 1, actual: 0`);
  return value;
}

/** Reads an optional number. */
export function readNumber(body: ModelBody, key: string): number | undefined {
  const value = body[key] ?? undefined;
  if (value === undefined || typeof value === 'number') return value;
  throw wrongType(key, 'Number', value);
}

/** Reads an optional list of strings. */
export function readTexts(body: ModelBody, key: string): readonly string[] {
  const value = body[key] ?? [];
  if (!Array.isArray(value)) throw wrongType(key, 'JSONArray', value);
  const index = value.findIndex((item) => typeof item !== 'string');
  if (index >= 0) throw wrongType(`${key}/${index}`, 'String', value[index]);
  return value as readonly string[];
}

/** Reads an optional object. */
export function readObject(body: ModelBody, key: string): ModelBody {
  const value = body[key] ?? {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as ModelBody;
  throw wrongType(key, 'JSONObject', value);
}

/** Creates AWS's error for a body that is not in its model's format. */
export function malformed(detail: string): ModelError {
  return new ModelError(
    'invalid',
    `Malformed input request: ${detail}, please reformat your input and try again.`,
  );
}

function wrongType(key: string, expected: string, value: unknown): ModelError {
  return malformed(`#/${key}: expected type: ${expected}, found: ${typeName(value)}`);
}

function typeName(value: unknown): string {
  if (value === null) return 'Null';
  if (Array.isArray(value)) return 'JSONArray';
  if (typeof value === 'object') return 'JSONObject';
  const name = typeof value;
  return name[0]!.toUpperCase() + name.slice(1);
}
