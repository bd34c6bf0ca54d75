import { createHash } from 'node:crypto';
import type { CreateEventInput, MemoryRecordCreateInput } from '@aws-sdk/client-bedrock-agentcore';
import type { Memory, MemoryStrategy } from '@aws-sdk/client-bedrock-agentcore-control';
import { newId } from '../../../wire/newId.ts';
import { MAIN_BRANCH } from '../branches.ts';
import { eventId } from '../eventStore.ts';
import type { TransferredInsight, TransferEntry, NamedBranch, EventLocation } from './entry.ts';
import {
  EntryError,
  isJsonObject,
  abbreviate,
  readText,
  withWireTimes,
  readTime,
  type JsonObject,
} from './fields.ts';
import { pickMembers, readShape, shapes } from './shapes.ts';

interface EntryType {
  /** The fields that a line of the type may have. */
  readonly fields: string;
  read(fields: JsonObject, now: Date): TransferEntry;
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
export const entryTypes: Readonly<Record<TransferEntry['type'], EntryType>> = {
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

function readMemory(fields: JsonObject, now: Date): TransferEntry {
  const name = readText(fields, 'name');
  const { id = newId(name), createdAt = now, updatedAt = now, strategies = [] } = fields;
  if (typeof id !== 'string' || !/^[a-zA-Z][\w-]{0,99}-[a-zA-Z0-9]{10}$/.test(id)) {
    throw new EntryError(
      `id: ${abbreviate(id)} is no memory's, which is its name, a dash and ten letters and digits; leave it out and one is made`,
    );
  }
  if (!Array.isArray(strategies)) {
    throw new EntryError(`strategies: ${abbreviate(strategies)} is no list`);
  }
  const settings = pickMembers(shapes.settings, fields, SETTINGS);
  const memory = readShape(shapes.memory, {
    ...withWireTimes({ ...fields, createdAt, updatedAt }, 'createdAt', 'updatedAt'),
    id,
    // These are of the emulator that has the memory.
    arn: '',
    status: 'ACTIVE',
    strategies: strategies.map((strategy: unknown) => wholeStrategy(strategy, now)),
  });
  return { type: 'memory', memory: { ...memory, ...settings } as unknown as Memory };
}

function wholeStrategy(strategy: unknown, now: Date): unknown {
  if (!isJsonObject(strategy)) return strategy;
  const { namespaceTemplates, namespaces = namespaceTemplates } = strategy;
  const strategyId = newId(readText(strategy, 'name'));
  const times = { createdAt: now, updatedAt: now };
  return withWireTimes(
    { strategyId, ...times, ...strategy, namespaces, namespaceTemplates: namespaces },
    'createdAt',
    'updatedAt',
  ) satisfies Partial<Record<keyof MemoryStrategy, unknown>>;
}

function readSession(fields: JsonObject): TransferEntry {
  const place = pickMembers(shapes.event, fields, ['actorId', 'sessionId']);
  return {
    type: 'session',
    memory: readText(fields, 'memory'),
    ...(place as Omit<EventLocation, 'memory'>),
    createdAt: readTime(fields, 'createdAt'),
    branches: branchesOf(fields),
  };
}

function branchesOf({ branches = [] }: JsonObject): NamedBranch[] {
  if (!Array.isArray(branches))
    throw new EntryError(`branches: ${abbreviate(branches)} is no list`);
  return branches.map((branch: unknown) => {
    if (!isJsonObject(branch)) throw new EntryError(`branches: ${abbreviate(branch)} is no object`);
    const { name, rootEventId } = {
      name: readText(branch, 'name'),
      rootEventId: readText(branch, 'rootEventId'),
    };
    pickMembers(shapes.event, { branch: { name, rootEventId } }, ['branch']);
    if (name === MAIN_BRANCH)
      throw new EntryError(`branches: ${MAIN_BRANCH} begins with the session; leave it out`);
    return { name, rootEventId, parent: readText(branch, 'parent') };
  });
}

function readEvent(fields: JsonObject): TransferEntry {
  const memory = readText(fields, 'memory');
  readText(fields, 'actorId');
  const sessionId = readText(fields, 'sessionId');
  const at = readTime(fields, 'eventTimestamp');
  const event = readShape(shapes.event, {
    ...withWireTimes(fields, 'eventTimestamp'),
    // The memory is known by its name.
    memoryId: 'Memory-0000000000',
  }) as unknown as CreateEventInput;
  const id = fields['eventId'] ?? null;
  const [time] = eventId(Number(at), 0).split('#');
  const isOne = typeof id === 'string' && new RegExp(`^${time}#[0-9a-f]{8}$`).test(id);
  if (id !== null && !isOne) {
    throw new EntryError(
      `eventId: ${abbreviate(id)} is no id of an event of its eventTimestamp, which is ${time}# and eight digits of 0 to 9 and a to f; leave it out and one is made`,
    );
  }
  return { type: 'event', memory, actorId: event.actorId!, sessionId, eventId: id, event };
}

function readRecord(fields: JsonObject, now: Date): TransferEntry {
  const memory = readText(fields, 'memory');
  const { createdAt = now, updatedAt = createdAt, insight = null } = fields;
  const times = { createdAt, updatedAt };
  const record = readShape(shapes.record, {
    ...fields,
    requestIdentifier: 'line',
    metadata: timedMetadata(fields['metadata']),
    timestamp: Number(readTime(times, 'createdAt')) / 1_000,
  }) as unknown as MemoryRecordCreateInput;
  const memoryRecordId = fields['memoryRecordId'] ?? stableRecordId(memory, record);
  if (typeof memoryRecordId !== 'string' || !/^mem-[\w-]{36,46}$/.test(memoryRecordId)) {
    throw new EntryError(
      `memoryRecordId: ${abbreviate(memoryRecordId)} is no id of a record, which is mem- and 36 letters, digits and dashes; leave it out and one is made`,
    );
  }
  return {
    type: 'record',
    memory,
    memoryRecordId,
    record,
    updatedAt: readTime(times, 'updatedAt'),
    insight: insight === null ? null : insightOf(insight),
  };
}

function timedMetadata(metadata: unknown): unknown {
  if (!isJsonObject(metadata)) return metadata;
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [
      key,
      isJsonObject(value) && 'dateTimeValue' in value
        ? withWireTimes(value, 'dateTimeValue')
        : value,
    ]),
  );
}

function insightOf(insight: unknown): TransferredInsight {
  if (!isJsonObject(insight)) throw new EntryError(`insight: ${abbreviate(insight)} is no object`);
  const { saidAt = new Date(0) } = insight;
  return {
    subject: readText(insight, 'subject'),
    gist: readText(insight, 'gist'),
    at: Number(readTime({ saidAt }, 'saidAt')),
  };
}

// The same content has the same id, so that a seed that is written by hand is taken in once.
function stableRecordId(memory: string, { namespaces, content }: MemoryRecordCreateInput): string {
  const whole = JSON.stringify([memory, namespaces, content?.text]);
  return `mem-${createHash('sha256').update(whole).digest('hex').slice(0, 36)}`;
}
