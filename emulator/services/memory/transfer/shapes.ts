import type { Schema } from '../../../../src/shared/awsModel/schema.ts';
import type { Fault } from '../../../wire/errors.ts';
import { operations } from '../../../wire/operations.ts';
import { createShapeReader } from '../../../wire/shape.ts';
import { EntryError, type JsonObject } from './fields.ts';

/** Resolves a shape on first use. */
type Shape = () => Schema;

/** The shapes of AWS that validate lines as they validate requests on the wire. */
export const shapes = {
  memory: () => memberSchema(operations.get('GetMemory')!.output, 'memory'),
  settings: () => operations.get('CreateMemory')!.input,
  event: () => operations.get('CreateEvent')!.input,
  expiry: () =>
    memberSchema(operations.get('BatchCreateMemoryRecords')!.input, 'recordExpirySpecification'),
  record: () => memberSchema(operations.get('BatchCreateMemoryRecords')!.input, 'records').each,
} as const satisfies Readonly<Record<string, Shape>>;

function memberSchema(schema: Schema, name: string): Schema {
  return schema.members.get(name)!.schema;
}

type Members = Readonly<Record<string, unknown>>;

/** Reads the members of a shape. Throws with the wire's messages when it is invalid. */
export function readShape(shape: Shape, fields: JsonObject): Members {
  const { members, faults } = readLeniently(shape, fields);
  throwFaults(faults);
  return members;
}

/** Reads some members of a shape and ignores problems of the others. */
export function pickMembers(shape: Shape, fields: JsonObject, names: readonly string[]): Members {
  const { members, faults } = readLeniently(shape, fields);
  throwFaults(faults.filter(({ path }) => names.includes(path.split('.')[0]!)));
  return Object.fromEntries(
    names.flatMap((name) => (name in members ? [[name, members[name]]] : [])),
  );
}

function readLeniently(shape: Shape, fields: JsonObject) {
  const faults: Fault[] = [];
  const reader = createShapeReader(faults);
  return { members: reader.readMembers(shape(), ({ wireName }) => fields[wireName], ''), faults };
}

function throwFaults(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new EntryError(faults.map(({ message }) => message).join('; '));
}
