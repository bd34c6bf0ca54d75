import { readJson } from '../../../wire/json.ts';
import type { TransferEntry } from './entry.ts';
import { entryTypes } from './entryTypes.ts';
import { EntryError, isJsonObject, abbreviate, type JsonObject } from './fields.ts';

/** Reads a line; what it leaves out is made up where it can be, as if it came at the moment `now`. */
export function readEntry(text: string, now: Date): TransferEntry {
  const fields = parse(text);
  const type = typeOf(fields['type']);
  const known = ['type', ...entryTypes[type].fields.split(' ')];
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new EntryError(
      `${unknown}: a line of the type ${type} has no such field; it has ${known.join(', ')}`,
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
      `is no JSON: ${(cause as Error).message}; each line is one record, such as {"type":"event",…}`,
      { cause },
    );
  }
  if (isJsonObject(value)) return value;
  throw new EntryError(
    `${abbreviate(value)} is no object; each line is one, such as {"type":"event",…}`,
  );
}

function typeOf(type: unknown): TransferEntry['type'] {
  if (typeof type === 'string' && Object.hasOwn(entryTypes, type))
    return type as TransferEntry['type'];
  throw new EntryError(
    `type: ${abbreviate(type)} is none of ${Object.keys(entryTypes).join(', ')}`,
  );
}
