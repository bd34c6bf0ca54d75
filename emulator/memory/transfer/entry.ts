import { createHash } from 'node:crypto';
import type { CreateEventInput, MemoryRecordCreateInput } from '@aws-sdk/client-bedrock-agentcore';
import type {
  CreateMemoryInput,
  Memory,
  MemoryStrategy,
} from '@aws-sdk/client-bedrock-agentcore-control';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { Fault } from '../../wire/errors.ts';
import { readJson } from '../../wire/json.ts';
import { newId } from '../../wire/newId.ts';
import { operations, type Plane } from '../../wire/operations.ts';
import { createShapeReader } from '../../wire/shape.ts';
import { MAIN } from '../branches.ts';
import { eventId } from '../eventStore.ts';
import type { Insight } from '../extraction/extractor.ts';

/** What a line says, in the words of AWS's own shapes; a memory is known by its name. */
export type Entry =
  | { readonly type: 'memory'; readonly memory: Memory & Pick<CreateMemoryInput, 'tags'> }
  | (Place & {
      readonly type: 'session';
      readonly createdAt: Date;
      readonly branches: readonly NamedBranch[];
    })
  | (Place & {
      readonly type: 'event';
      /** Null where it is to get the next of its moment. */
      readonly eventId: string | null;
      readonly event: CreateEventInput;
    })
  | {
      readonly type: 'record';
      readonly memory: string;
      readonly memoryRecordId: string;
      readonly record: MemoryRecordCreateInput;
      readonly updatedAt: Date;
      readonly insight: Pick<Insight, 'subject' | 'gist' | 'at'> | null;
    };

interface Place {
  readonly memory: string;
  readonly actorId: string;
  readonly sessionId: string;
}

/** A branch, and the event of its parent at which it began, which may be there no more. */
interface NamedBranch {
  readonly name: string;
  readonly rootEventId: string;
  readonly parent: string;
}

/** What is wrong with an entry: the field, its value and what to do. */
export class EntryError extends Error {}

type Fields = Readonly<Record<string, unknown>>;
type Type = Entry['type'];

// The shapes by which the service checks the same things on the wire.
const shapes = {
  memory: () => memberOf(operations.get('GetMemory')!.output, 'memory'),
  settings: () => operations.get('CreateMemory')!.input,
  event: () => operations.get('CreateEvent')!.input,
  record: () =>
    memberOf(operations.get('BatchCreateMemoryRecords')!.input, 'records').getValueSchema(),
} as const;

function memberOf(schema: NormalizedSchema, name: string): NormalizedSchema {
  return schema.getMemberSchemas()[name]!;
}

/** What of a memory is as CreateMemory takes it, and is held to the same demands. */
const SETTINGS = [
  'name',
  'description',
  'eventExpiryDuration',
  'indexedKeys',
  'namespaceKeys',
  'tags',
  'encryptionKeyArn',
  'memoryExecutionRoleArn',
];

const fieldsOf: Readonly<Record<Type, string>> = {
  memory: `id ${SETTINGS.join(' ')} strategies createdAt updatedAt`,
  session: 'memory actorId sessionId createdAt branches',
  event:
    'memory actorId sessionId eventId eventTimestamp branch payload metadata extractionMode extractionConfig',
  record:
    'memory memoryRecordId namespaces memoryStrategyId content metadata createdAt updatedAt insight',
};

/** Reads a line; what it leaves out is made up where it can be, as if it came at the moment `now`. */
export function readEntry(text: string, now: Date): Entry {
  const fields = parse(text);
  const type = typeOf(fields['type']);
  const known = ['type', ...fieldsOf[type].split(' ')];
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new EntryError(
      `${unknown}: a line of the type ${type} has no such field; it has ${known.join(', ')}`,
    );
  }
  return readers[type](fields, now);
}

const readers: Readonly<Record<Type, (fields: Fields, now: Date) => Entry>> = {
  memory(fields, now) {
    const name = textOf(fields, 'name');
    const { id = newId(name), createdAt = now, updatedAt = now, strategies = [] } = fields;
    if (typeof id !== 'string' || !/^[a-zA-Z][\w-]{0,99}-[a-zA-Z0-9]{10}$/.test(id)) {
      throw new EntryError(
        `id: ${shown(id)} is no memory's, which is its name, a dash and ten letters and digits; leave it out and one is made`,
      );
    }
    if (!Array.isArray(strategies)) {
      throw new EntryError(`strategies: ${shown(strategies)} is no list`);
    }
    const settings = membersOf('control', shapes.settings(), fields, SETTINGS);
    const memory = read('control', shapes.memory(), {
      ...timed({ ...fields, createdAt, updatedAt }, 'createdAt', 'updatedAt'),
      id,
      // These are of the emulator that has the memory.
      arn: '',
      status: 'ACTIVE',
      strategies: strategies.map((strategy: unknown) => wholeStrategy(strategy, now)),
    });
    return { type: 'memory', memory: { ...memory, ...settings } as unknown as Memory };
  },
  session(fields) {
    return {
      type: 'session',
      memory: textOf(fields, 'memory'),
      ...(membersOf('data', shapes.event(), fields, ['actorId', 'sessionId']) as Omit<
        Place,
        'memory'
      >),
      createdAt: timeOf(fields, 'createdAt'),
      branches: branchesOf(fields),
    };
  },
  event(fields) {
    const memory = textOf(fields, 'memory');
    textOf(fields, 'actorId');
    const sessionId = textOf(fields, 'sessionId');
    const at = timeOf(fields, 'eventTimestamp');
    const event = read('data', shapes.event(), {
      ...timed(fields, 'eventTimestamp'),
      // The memory is known by its name.
      memoryId: 'Memory-0000000000',
    }) as unknown as CreateEventInput;
    const id = fields['eventId'] ?? null;
    const [time] = eventId(Number(at), 0).split('#');
    const isOne = typeof id === 'string' && new RegExp(`^${time}#[0-9a-f]{8}$`).test(id);
    if (id !== null && !isOne) {
      throw new EntryError(
        `eventId: ${JSON.stringify(id)} is no id of an event of its eventTimestamp, which is ${time}# and eight digits of 0 to 9 and a to f; leave it out and one is made`,
      );
    }
    return {
      type: 'event',
      memory,
      actorId: event.actorId!,
      sessionId,
      eventId: id,
      event,
    };
  },
  record(fields, now) {
    const memory = textOf(fields, 'memory');
    const { createdAt = now, updatedAt = createdAt, insight = null } = fields;
    const times = { createdAt, updatedAt };
    const record = read('data', shapes.record(), {
      ...fields,
      requestIdentifier: 'line',
      metadata: timedMetadata(fields['metadata']),
      timestamp: Number(timeOf(times, 'createdAt')) / 1_000,
    }) as unknown as MemoryRecordCreateInput;
    const memoryRecordId = fields['memoryRecordId'] ?? stableRecordId(memory, record);
    if (typeof memoryRecordId !== 'string' || !/^mem-[\w-]{36,46}$/.test(memoryRecordId)) {
      throw new EntryError(
        `memoryRecordId: ${JSON.stringify(memoryRecordId)} is no id of a record, which is mem- and 36 letters, digits and dashes; leave it out and one is made`,
      );
    }
    return {
      type: 'record',
      memory,
      memoryRecordId,
      record,
      updatedAt: timeOf(times, 'updatedAt'),
      insight: insight === null ? null : insightOf(insight),
    };
  },
};

function parse(text: string): Fields {
  let value: unknown;
  try {
    value = readJson(text);
  } catch (cause) {
    throw new EntryError(
      `is no JSON: ${(cause as Error).message}; each line is one record, such as {"type":"event",…}`,
      { cause },
    );
  }
  if (isFields(value)) return value;
  throw new EntryError(
    `${shown(value)} is no object; each line is one, such as {"type":"event",…}`,
  );
}

function typeOf(type: unknown): Type {
  if (typeof type === 'string' && Object.hasOwn(fieldsOf, type)) return type as Type;
  throw new EntryError(`type: ${shown(type)} is none of ${Object.keys(fieldsOf).join(', ')}`);
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new EntryError(`${name}: ${shown(value)} is no text; give one`);
}

const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

function timeOf(fields: Fields, name: string): Date {
  const value = fields[name];
  const time =
    value instanceof Date || (typeof value === 'string' && ISO_8601.test(value))
      ? new Date(value)
      : undefined;
  if (time && Number(time) >= 0) return time;
  throw new EntryError(
    `${name}: ${shown(value)} is no moment since 1970; write it as 2026-01-31T12:00:00.000Z`,
  );
}

/** The same with times as the wire has them, in seconds. */
function timed(fields: Fields, ...names: readonly string[]): Fields {
  const times = names.map((name) => [name, Number(timeOf(fields, name)) / 1_000]);
  return { ...fields, ...(Object.fromEntries(times) as Fields) };
}

function timedMetadata(metadata: unknown): unknown {
  if (!isFields(metadata)) return metadata;
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [
      key,
      isFields(value) && 'dateTimeValue' in value ? timed(value, 'dateTimeValue') : value,
    ]),
  );
}

function wholeStrategy(strategy: unknown, now: Date): unknown {
  if (!isFields(strategy)) return strategy;
  const { namespaceTemplates, namespaces = namespaceTemplates } = strategy;
  const strategyId = newId(textOf(strategy, 'name'));
  const times = { createdAt: now, updatedAt: now };
  return timed(
    { strategyId, ...times, ...strategy, namespaces, namespaceTemplates: namespaces },
    'createdAt',
    'updatedAt',
  ) satisfies Partial<Record<keyof MemoryStrategy, unknown>>;
}

function branchesOf({ branches = [] }: Fields): NamedBranch[] {
  if (!Array.isArray(branches)) throw new EntryError(`branches: ${shown(branches)} is no list`);
  return branches.map((branch: unknown) => {
    if (!isFields(branch)) throw new EntryError(`branches: ${shown(branch)} is no object`);
    const { name, rootEventId } = {
      name: textOf(branch, 'name'),
      rootEventId: textOf(branch, 'rootEventId'),
    };
    membersOf('data', shapes.event(), { branch: { name, rootEventId } }, ['branch']);
    if (name === MAIN)
      throw new EntryError(`branches: ${MAIN} begins with the session; leave it out`);
    return { name, rootEventId, parent: textOf(branch, 'parent') };
  });
}

function insightOf(insight: unknown): Pick<Insight, 'subject' | 'gist' | 'at'> {
  if (!isFields(insight)) throw new EntryError(`insight: ${shown(insight)} is no object`);
  const { saidAt = new Date(0) } = insight;
  return {
    subject: textOf(insight, 'subject'),
    gist: textOf(insight, 'gist'),
    at: Number(timeOf({ saidAt }, 'saidAt')),
  };
}

function read(plane: Plane, schema: NormalizedSchema, fields: Fields): Record<string, unknown> {
  const faults: Fault[] = [];
  const members = createShapeReader(plane, faults).readMembers(schema, (name) => fields[name], '');
  demandNone(faults);
  return members;
}

/** Some members only, whatever else the shape demands. */
function membersOf(
  plane: Plane,
  schema: NormalizedSchema,
  fields: Fields,
  names: readonly string[],
): Record<string, unknown> {
  const faults: Fault[] = [];
  const members = createShapeReader(plane, faults).readMembers(schema, (name) => fields[name], '');
  demandNone(faults.filter(({ path }) => names.includes(path.split('.')[0]!)));
  return Object.fromEntries(
    names.flatMap((name) => (name in members ? [[name, members[name]]] : [])),
  );
}

function demandNone(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new EntryError(faults.map(({ message }) => message).join('; '));
}

// The same content has the same id, so that a seed that is written by hand is taken in once.
function stableRecordId(memory: string, { namespaces, content }: MemoryRecordCreateInput): string {
  const whole = JSON.stringify([memory, namespaces, content?.text]);
  return `mem-${createHash('sha256').update(whole).digest('hex').slice(0, 36)}`;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const LONGEST_SHOWN = 200;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
