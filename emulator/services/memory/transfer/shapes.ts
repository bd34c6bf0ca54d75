import type { NormalizedSchema } from '@smithy/core/schema';
import type { Fault } from '../../../wire/errors.ts';
import { operations, type Plane } from '../../../wire/operations.ts';
import { createShapeReader } from '../../../wire/shape.ts';
import { EntryError, type JsonObject } from './fields.ts';

interface Shape {
  readonly plane: Plane;
  schema(): NormalizedSchema;
}

/** The shapes of AWS that validate lines as they validate requests on the wire. */
export const shapes = {
  memory: {
    plane: 'control',
    schema: () => memberSchema(operations.get('GetMemory')!.output, 'memory'),
  },
  settings: { plane: 'control', schema: () => operations.get('CreateMemory')!.input },
  event: { plane: 'data', schema: () => operations.get('CreateEvent')!.input },
  record: {
    plane: 'data',
    schema: () =>
      memberSchema(operations.get('BatchCreateMemoryRecords')!.input, 'records').getValueSchema(),
  },
} as const satisfies Readonly<Record<string, Shape>>;

function memberSchema(schema: NormalizedSchema, name: string): NormalizedSchema {
  return schema.getMemberSchemas()[name]!;
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

function readLeniently({ plane, schema }: Shape, fields: JsonObject) {
  const faults: Fault[] = [];
  const reader = createShapeReader(plane, faults);
  return { members: reader.readMembers(schema(), (name) => fields[name], ''), faults };
}

function throwFaults(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new EntryError(faults.map(({ message }) => message).join('; '));
}
