import { createHash } from 'node:crypto';
import type { CreateEventInput, MemoryRecordCreateInput } from '@aws-sdk/client-bedrock-agentcore';
import type { Memory, MemoryStrategy } from '@aws-sdk/client-bedrock-agentcore-control';
import { newId } from '../../../wire/newId.ts';
import { MAIN_BRANCH } from '../branches.ts';
import { eventId } from '../eventStore.ts';
import type { TransferredInsight, TransferEntry, NamedBranch, EventLocation } from './entry.ts';
import { recordExpiry, type RecordExpiry } from '../recordStore.ts';
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
  /** Allowed fields of a line of this type, separated by spaces. */
  readonly fields: string;
  read(fields: JsonObject, now: Date): TransferEntry;
}

/** Fields of a memory that are validated like the input of CreateMemory. */
const SETTING_FIELDS = [
  'name',
  'description',
  'eventExpiryDuration',
  'indexedKeys',
  'namespaceKeys',
  'tags',
  'encryptionKeyArn',
  'memoryExecutionRoleArn',
];

/** Fields and parser of each line type. */
export const entryTypes: Readonly<Record<TransferEntry['type'], EntryType>> = {
  memory: {
    fields: `id ${SETTING_FIELDS.join(' ')} strategies createdAt updatedAt`,
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
      'memory memoryRecordId namespaces memoryStrategyId content metadata createdAt updatedAt timestamp recordExpiryDurationDays expiresAt insight',
    read: readRecord,
  },
};

function readMemory(fields: JsonObject, now: Date): TransferEntry {
  const name = readText(fields, 'name');
  const { id = newId(name), createdAt = now, updatedAt = now, strategies = [] } = fields;
  if (typeof id !== 'string' || !/^[a-zA-Z][\w-]{0,99}-[a-zA-Z0-9]{10}$/.test(id)) {
    throw new EntryError(
      `id: ${abbreviate(id)} is not a memory id: a name, a hyphen and ten letters or digits. Omit it to create one.`,
    );
  }
  if (!Array.isArray(strategies)) {
    throw new EntryError(`strategies: ${abbreviate(strategies)} is not an array`);
  }
  const settings = pickMembers(shapes.settings, fields, SETTING_FIELDS);
  const memory = readShape(shapes.memory, {
    ...withWireTimes({ ...fields, createdAt, updatedAt }, 'createdAt', 'updatedAt'),
    id,
    // The importing emulator sets these.
    arn: `arn:aws:bedrock-agentcore:us-east-1:000000000000:memory/${id}`,
    status: 'ACTIVE',
    strategies: strategies.map((strategy: unknown) => completeStrategy(strategy, now)),
  });
  return { type: 'memory', memory: { ...memory, ...settings } as unknown as Memory };
}

function completeStrategy(strategy: unknown, now: Date): unknown {
  if (!isJsonObject(strategy)) return strategy;
  const { namespaceTemplates, namespaces = namespaceTemplates, configuration } = strategy;
  const strategyId = newId(readText(strategy, 'name'));
  const times = { createdAt: now, updatedAt: now };
  return withWireTimes(
    {
      strategyId,
      ...times,
      ...strategy,
      namespaces,
      namespaceTemplates: namespaces,
      configuration: withoutEpisodicType(configuration),
    },
    'createdAt',
    'updatedAt',
  ) satisfies Partial<Record<keyof MemoryStrategy, unknown>>;
}

/** AWS gives the configuration of episodic strategies a type that its own model does not have. */
function withoutEpisodicType(configuration: unknown): unknown {
  if (!isJsonObject(configuration) || configuration['type'] !== 'EPISODIC') return configuration;
  const { type: _, ...rest } = configuration;
  return rest;
}

function readSession(fields: JsonObject): TransferEntry {
  const location = pickMembers(shapes.event, fields, ['actorId', 'sessionId']);
  return {
    type: 'session',
    memory: readText(fields, 'memory'),
    ...(location as Omit<EventLocation, 'memory'>),
    createdAt: readTime(fields, 'createdAt'),
    branches: readBranches(fields),
  };
}

function readBranches({ branches = [] }: JsonObject): NamedBranch[] {
  if (!Array.isArray(branches))
    throw new EntryError(`branches: ${abbreviate(branches)} is not an array`);
  return branches.map((branch: unknown) => {
    if (!isJsonObject(branch))
      throw new EntryError(`branches: ${abbreviate(branch)} is not an object`);
    const { name, rootEventId } = {
      name: readText(branch, 'name'),
      rootEventId: readText(branch, 'rootEventId'),
    };
    pickMembers(shapes.event, { branch: { name, rootEventId } }, ['branch']);
    if (name === MAIN_BRANCH)
      throw new EntryError(`branches: ${MAIN_BRANCH} starts with the session. Omit it.`);
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
    // A line identifies its memory by name. The shape requires an id.
    memoryId: 'Memory-0000000000',
  }) as unknown as CreateEventInput;
  const id = fields['eventId'] ?? null;
  const [time] = eventId(Number(at), 0).split('#');
  const isValid = typeof id === 'string' && new RegExp(`^${time}#[0-9a-f]{8}$`).test(id);
  if (id !== null && !isValid) {
    throw new EntryError(
      `eventId: ${abbreviate(id)} does not match its eventTimestamp. Expected ${time}# and eight hexadecimal digits. Omit it to create one.`,
    );
  }
  return { type: 'event', memory, actorId: event.actorId!, sessionId, eventId: id, event };
}

function readRecord(fields: JsonObject, now: Date): TransferEntry {
  const memory = readText(fields, 'memory');
  const { createdAt = now, updatedAt = createdAt, timestamp = createdAt, insight = null } = fields;
  const times = { createdAt, updatedAt, timestamp };
  const record = readShape(shapes.record, {
    ...fields,
    requestIdentifier: 'line',
    metadata: withWireMetadataTimes(fields['metadata']),
    timestamp: Number(readTime(times, 'timestamp')) / 1_000,
  }) as unknown as MemoryRecordCreateInput;
  const memoryRecordId = fields['memoryRecordId'] ?? stableRecordId(memory, record);
  if (typeof memoryRecordId !== 'string' || !/^mem-[\w-]{36,46}$/.test(memoryRecordId)) {
    throw new EntryError(
      `memoryRecordId: ${abbreviate(memoryRecordId)} is not a record id: mem- and 36 letters, digits or hyphens. Omit it to create one.`,
    );
  }
  return {
    type: 'record',
    memory,
    memoryRecordId,
    record,
    createdAt: readTime(times, 'createdAt'),
    updatedAt: readTime(times, 'updatedAt'),
    expiry: readExpiry(fields, Number(now)),
    insight: insight === null ? null : readInsight(insight),
  };
}

/** Reads the expiry of a record. Its days count from now unless its time is given. */
function readExpiry(fields: JsonObject, now: number): RecordExpiry {
  const { recordExpiryDurationDays = null, expiresAt } = fields;
  if (recordExpiryDurationDays === null) {
    if (expiresAt === undefined) return recordExpiry(null, now);
    throw new EntryError('expiresAt: Give recordExpiryDurationDays with it.');
  }
  readShape(shapes.expiry, { recordExpiryDurationDays });
  const expiry = recordExpiry(Number(recordExpiryDurationDays), now);
  return expiresAt === undefined
    ? expiry
    : { ...expiry, expiresAt: Number(readTime(fields, 'expiresAt')) };
}

function withWireMetadataTimes(metadata: unknown): unknown {
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

function readInsight(insight: unknown): TransferredInsight {
  if (!isJsonObject(insight))
    throw new EntryError(`insight: ${abbreviate(insight)} is not an object`);
  const { saidAt = new Date(0) } = insight;
  return {
    subject: readText(insight, 'subject'),
    gist: readText(insight, 'gist'),
    at: Number(readTime({ saidAt }, 'saidAt')),
  };
}

// Derived from the content, so that importing a handwritten seed again adds nothing.
function stableRecordId(memory: string, { namespaces, content }: MemoryRecordCreateInput): string {
  const key = JSON.stringify([memory, namespaces, content?.text]);
  return `mem-${createHash('sha256').update(key).digest('hex').slice(0, 36)}`;
}
