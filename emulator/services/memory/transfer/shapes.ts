import type { NormalizedSchema } from '@smithy/core/schema';
import type { Fault } from '../../../wire/errors.ts';
import { operations, type Plane } from '../../../wire/operations.ts';
import { createShapeReader } from '../../../wire/shape.ts';
import { EntryError, type JsonObject } from './fields.ts';

interface Shape {
  readonly plane: Plane;
  schema(): NormalizedSchema;
}

/** The shapes by which the service checks the same things on the wire. */
export const shapes = {
  memory: {
    plane: 'control',
    schema: () => memberOf(operations.get('GetMemory')!.output, 'memory'),
  },
  settings: { plane: 'control', schema: () => operations.get('CreateMemory')!.input },
  event: { plane: 'data', schema: () => operations.get('CreateEvent')!.input },
  record: {
    plane: 'data',
    schema: () =>
      memberOf(operations.get('BatchCreateMemoryRecords')!.input, 'records').getValueSchema(),
  },
} as const satisfies Readonly<Record<string, Shape>>;

function memberOf(schema: NormalizedSchema, name: string): NormalizedSchema {
  return schema.getMemberSchemas()[name]!;
}

type Members = Readonly<Record<string, unknown>>;

/** The members of a shape; which of its demands are not met is said as on the wire. */
export function readShape(shape: Shape, fields: JsonObject): Members {
  const { members, faults } = readLeniently(shape, fields);
  demandNone(faults);
  return members;
}

/** Some members only, whatever else the shape demands. */
export function pickMembers(shape: Shape, fields: JsonObject, names: readonly string[]): Members {
  const { members, faults } = readLeniently(shape, fields);
  demandNone(faults.filter(({ path }) => names.includes(path.split('.')[0]!)));
  return Object.fromEntries(
    names.flatMap((name) => (name in members ? [[name, members[name]]] : [])),
  );
}

function readLeniently({ plane, schema }: Shape, fields: JsonObject) {
  const faults: Fault[] = [];
  const reader = createShapeReader(plane, faults);
  return { members: reader.readMembers(schema(), (name) => fields[name], ''), faults };
}

function demandNone(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new EntryError(faults.map(({ message }) => message).join('; '));
}
