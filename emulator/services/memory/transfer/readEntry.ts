import { readJson } from '../../../wire/json.ts';
import type { TransferEntry } from './entry.ts';
import { entryTypes } from './entryTypes.ts';
import { EntryError, isJsonObject, abbreviate, type JsonObject } from './fields.ts';

/** Parses a line. Omitted ids are created, and omitted times default to `now`. */
export function readEntry(text: string, now: Date): TransferEntry {
  const fields = parse(text);
  const type = readType(fields['type']);
  const known = ['type', ...entryTypes[type].fields.split(' ')];
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new EntryError(
      `${unknown}: a line of type ${type} has no such field. Fields: ${known.join(', ')}`,
    );
  }
  return entryTypes[type].read(fields, now);
}

function parse(text: string): JsonObject {
  let value: unknown;
  try {
    value = readJson(text);
  } catch (cause) {
    throw new EntryError(
      `not valid JSON: ${(cause as Error).message}. Each line must be one JSON object, such as {"type":"event",…}`,
      { cause },
    );
  }
  if (isJsonObject(value)) return value;
  throw new EntryError(
    `${abbreviate(value)} is not an object. Each line must be one JSON object, such as {"type":"event",…}`,
  );
}

function readType(type: unknown): TransferEntry['type'] {
  if (typeof type === 'string' && Object.hasOwn(entryTypes, type))
    return type as TransferEntry['type'];
  throw new EntryError(
    `type: ${abbreviate(type)} is not one of ${Object.keys(entryTypes).join(', ')}`,
  );
}
