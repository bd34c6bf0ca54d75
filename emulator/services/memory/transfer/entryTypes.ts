import { createHash } from 'node:crypto';
import type { CreateEventInput, MemoryRecordCreateInput } from '@aws-sdk/client-bedrock-agentcore';
import type { Memory, MemoryStrategy } from '@aws-sdk/client-bedrock-agentcore-control';
import { newId } from '../../../wire/newId.ts';
import { MAIN } from '../branches.ts';
import { eventId } from '../eventStore.ts';
import type { KeptInsight, Entry, NamedBranch, Place } from './entry.ts';
import { EntryError, isFields, shown, textOf, timed, timeOf, type Fields } from './fields.ts';
import { membersOf, readShape, shapes } from './shapes.ts';

interface EntryType {
  /** The fields that a line of the type may have. */
  readonly fields: string;
  read(fields: Fields, now: Date): Entry;
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

/** The types of lines: what each may hold, and how it is read. */
export const entryTypes: Readonly<Record<Entry['type'], EntryType>> = {
  memory: {
    fields: `id ${SETTINGS.join(' ')} strategies createdAt updatedAt`,
    read: readMemory,
  },
  session: {
    fields: 'memory actorId sessionId createdAt branches',
    read: readSession,
  },
  event: {
    fields:
      'memory actorId sessionId eventId eventTimestamp branch payload metadata extractionMode extractionConfig',
    read: readEvent,
  },
  record: {
    fields:
      'memory memoryRecordId namespaces memoryStrategyId content metadata createdAt updatedAt insight',
    read: readRecord,
  },
};

function readMemory(fields: Fields, now: Date): Entry {
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
  const settings = membersOf(shapes.settings, fields, SETTINGS);
  const memory = readShape(shapes.memory, {
    ...timed({ ...fields, createdAt, updatedAt }, 'createdAt', 'updatedAt'),
    id,
    // These are of the emulator that has the memory.
    arn: '',
    status: 'ACTIVE',
    strategies: strategies.map((strategy: unknown) => wholeStrategy(strategy, now)),
  });
  return { type: 'memory', memory: { ...memory, ...settings } as unknown as Memory };
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

function readSession(fields: Fields): Entry {
  const place = membersOf(shapes.event, fields, ['actorId', 'sessionId']);
  return {
    type: 'session',
    memory: textOf(fields, 'memory'),
    ...(place as Omit<Place, 'memory'>),
    createdAt: timeOf(fields, 'createdAt'),
    branches: branchesOf(fields),
  };
}

function branchesOf({ branches = [] }: Fields): NamedBranch[] {
  if (!Array.isArray(branches)) throw new EntryError(`branches: ${shown(branches)} is no list`);
  return branches.map((branch: unknown) => {
    if (!isFields(branch)) throw new EntryError(`branches: ${shown(branch)} is no object`);
    const { name, rootEventId } = {
      name: textOf(branch, 'name'),
      rootEventId: textOf(branch, 'rootEventId'),
    };
    membersOf(shapes.event, { branch: { name, rootEventId } }, ['branch']);
    if (name === MAIN)
      throw new EntryError(`branches: ${MAIN} begins with the session; leave it out`);
    return { name, rootEventId, parent: textOf(branch, 'parent') };
  });
}

function readEvent(fields: Fields): Entry {
  const memory = textOf(fields, 'memory');
  textOf(fields, 'actorId');
  const sessionId = textOf(fields, 'sessionId');
  const at = timeOf(fields, 'eventTimestamp');
  const event = readShape(shapes.event, {
    ...timed(fields, 'eventTimestamp'),
    // The memory is known by its name.
    memoryId: 'Memory-0000000000',
  }) as unknown as CreateEventInput;
  const id = fields['eventId'] ?? null;
  const [time] = eventId(Number(at), 0).split('#');
  const isOne = typeof id === 'string' && new RegExp(`^${time}#[0-9a-f]{8}$`).test(id);
  if (id !== null && !isOne) {
    throw new EntryError(
      `eventId: ${shown(id)} is no id of an event of its eventTimestamp, which is ${time}# and eight digits of 0 to 9 and a to f; leave it out and one is made`,
    );
  }
  return { type: 'event', memory, actorId: event.actorId!, sessionId, eventId: id, event };
}

function readRecord(fields: Fields, now: Date): Entry {
  const memory = textOf(fields, 'memory');
  const { createdAt = now, updatedAt = createdAt, insight = null } = fields;
  const times = { createdAt, updatedAt };
  const record = readShape(shapes.record, {
    ...fields,
    requestIdentifier: 'line',
    metadata: timedMetadata(fields['metadata']),
    timestamp: Number(timeOf(times, 'createdAt')) / 1_000,
  }) as unknown as MemoryRecordCreateInput;
  const memoryRecordId = fields['memoryRecordId'] ?? stableRecordId(memory, record);
  if (typeof memoryRecordId !== 'string' || !/^mem-[\w-]{36,46}$/.test(memoryRecordId)) {
    throw new EntryError(
      `memoryRecordId: ${shown(memoryRecordId)} is no id of a record, which is mem- and 36 letters, digits and dashes; leave it out and one is made`,
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

function insightOf(insight: unknown): KeptInsight {
  if (!isFields(insight)) throw new EntryError(`insight: ${shown(insight)} is no object`);
  const { saidAt = new Date(0) } = insight;
  return {
    subject: textOf(insight, 'subject'),
    gist: textOf(insight, 'gist'),
    at: Number(timeOf({ saidAt }, 'saidAt')),
  };
}

// The same content has the same id, so that a seed that is written by hand is taken in once.
function stableRecordId(memory: string, { namespaces, content }: MemoryRecordCreateInput): string {
  const whole = JSON.stringify([memory, namespaces, content?.text]);
  return `mem-${createHash('sha256').update(whole).digest('hex').slice(0, 36)}`;
}
