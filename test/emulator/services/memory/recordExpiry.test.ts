import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  BatchCreateMemoryRecordsCommand,
  BatchUpdateMemoryRecordsCommand,
  GetMemoryRecordCommand,
  ListMemoryRecordsCommand,
  type BatchCreateMemoryRecordsInput,
  type BatchUpdateMemoryRecordsInput,
} from '@aws-sdk/client-bedrock-agentcore';
import { GetMemoryCommand, UpdateMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { useCurrentModel } from '../../../../src/aws/currentModel.ts';
import { bedrockAgentcore } from '../../../../src/shared/awsModel/bedrockAgentcore.ts';
import { bedrockAgentcoreControl } from '../../../../src/shared/awsModel/bedrockAgentcoreControl.ts';
import { useFolder } from '../../../support/agents.ts';
import { exportFrom, importInto } from '../../../support/lines.ts';
import { BEGINNING, useMemory, type TestMemory } from '../../../support/memory.ts';
import { writeRecords } from '../../../support/records.ts';
import { extractRecords, facts, readTexts } from '../../../support/strategyMemory.ts';

const DAY = 24 * 60 * 60;
const timestamp = new Date(BEGINNING);

/** Starts an emulator whose clients know the members of the current model. */
async function useCurrentMemory(options: Parameters<typeof useMemory>[0] = {}) {
  const memory = await useMemory(options);
  useCurrentModel(memory.data, bedrockAgentcore);
  useCurrentModel(memory.control, bedrockAgentcoreControl);
  return memory;
}

/** Writes a record and returns its id. */
async function write(
  { data }: TestMemory,
  memoryId: string,
  text: string,
  rest: Partial<BatchCreateMemoryRecordsInput> = {},
): Promise<string> {
  const { successfulRecords } = await data.send(
    new BatchCreateMemoryRecordsCommand({
      memoryId,
      records: [
        { requestIdentifier: 'one', namespaces: ['/facts/ana/'], content: { text }, timestamp },
      ],
      ...rest,
    }),
  );
  return successfulRecords![0]!.memoryRecordId!;
}

async function get({ data }: TestMemory, memoryId: string, memoryRecordId: string) {
  const { memoryRecord } = await data.send(
    new GetMemoryRecordCommand({ memoryId, memoryRecordId }),
  );
  return memoryRecord!;
}

const update = (
  { data }: TestMemory,
  memoryId: string,
  memoryRecordId: string,
  rest: Partial<BatchUpdateMemoryRecordsInput> = {},
) =>
  data.send(
    new BatchUpdateMemoryRecordsCommand({
      memoryId,
      records: [{ memoryRecordId, timestamp }],
      ...rest,
    }),
  );

const advanceDays = ({ emulator }: TestMemory, days: number) =>
  emulator.admin('/clock', { advanceSeconds: days * DAY });

const days = (recordExpiryDurationDays: number) => ({
  recordExpirySpecification: { recordExpiryDurationDays },
});
const remove = { recordExpirySpecification: { action: 'REMOVE' } } as const;

test('A record with an expiry is gone when it expires.', async () => {
  const memory = await useCurrentMemory();
  const { id = '' } = await memory.create();
  const expiring = await write(memory, id, 'short', days(31));
  const lasting = await write(memory, id, 'long');
  const record = await get(memory, id, expiring);
  expect(record.timestamp).toEqual(timestamp);
  expect(Number(record.expiresAt) - Number(record.createdAt)).toBe(31 * DAY * 1_000);
  expect(await get(memory, id, lasting)).not.toHaveProperty('expiresAt');
  const list = async () => {
    const input = { memoryId: id, namespacePath: '/' };
    const { memoryRecordSummaries } = await memory.data.send(new ListMemoryRecordsCommand(input));
    return memoryRecordSummaries!;
  };
  expect(await list()).toMatchObject([{ timestamp }, { timestamp }]);

  await advanceDays(memory, 30);
  expect(await list()).toHaveLength(2);
  await advanceDays(memory, 1);
  expect(await list()).toMatchObject([{ memoryRecordId: lasting }]);
  expect(await memory.found(id, 'short')).toMatchObject([{ text: 'long' }]);
  await expect(get(memory, id, expiring)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('An update counts the expiry again, changes it, or removes it.', async () => {
  const memory = await useCurrentMemory();
  const { id = '' } = await memory.create();
  const record = await write(memory, id, 'one', days(31));
  const daysLeft = async (of: string) => {
    const { now } = await memory.emulator.admin<{ now: string }>('/clock');
    const { expiresAt } = await get(memory, id, of);
    return expiresAt && Math.round((Number(expiresAt) - Date.parse(now)) / (DAY * 1_000));
  };
  await advanceDays(memory, 20);
  expect(await daysLeft(record)).toBe(11);
  await update(memory, id, record);
  expect(await daysLeft(record)).toBe(31);
  await update(memory, id, record, days(40));
  expect(await daysLeft(record)).toBe(40);
  await update(memory, id, record, remove);
  expect(await daysLeft(record)).toBeUndefined();
  await update(memory, id, record);
  expect(await daysLeft(record)).toBeUndefined();
  await update(memory, id, record, days(50));
  expect(await daysLeft(record)).toBe(50);
});

test('Records of a strategy with an expiry expire, until the strategy loses it.', async () => {
  const memory = await useCurrentMemory();
  const { semanticMemoryStrategy } = facts as { semanticMemoryStrategy: { name: string } };
  const { id = '', strategies } = await memory.create({
    memoryStrategies: [{ semanticMemoryStrategy: { ...semanticMemoryStrategy, ...days(31) } }],
  });
  expect(strategies).toMatchObject([{ recordExpiryDurationDays: 31 }]);
  const memoryStrategyId = strategies![0]!.strategyId!;
  await memory.say(id, 'I live in Lisbon.');
  const [extracted] = await extractRecords(memory, id, '/facts/ana/');
  const found = await get(memory, id, extracted!.memoryRecordId!);
  expect(Number(found.expiresAt) - Number(found.createdAt)).toBe(31 * DAY * 1_000);
  const [written = ''] = await writeRecords(memory, id, ['written'], { memoryStrategyId });
  expect(await get(memory, id, written)).not.toHaveProperty('expiresAt');

  await advanceDays(memory, 31);
  const texts = async () => readTexts(await extractRecords(memory, id, '/facts/ana/'));
  expect(await texts()).toEqual(['written']);
  await memory.control.send(
    new UpdateMemoryCommand({
      memoryId: id,
      memoryStrategies: { modifyMemoryStrategies: [{ memoryStrategyId, ...remove }] },
    }),
  );
  const { memory: updated } = await memory.control.send(new GetMemoryCommand({ memoryId: id }));
  expect(updated!.strategies![0]).not.toHaveProperty('recordExpiryDurationDays');
  await memory.say(id, 'I live in Lisbon.');
  expect(await texts()).toHaveLength(2);
  await advanceDays(memory, 60);
  expect(await texts()).toHaveLength(2);
});

test('New records and strategies have no expiry to remove, and an expiry is 31 days at least.', async () => {
  const memory = await useCurrentMemory();
  const { id = '' } = await memory.create();
  const refused = (message: RegExp) => ({
    name: 'ValidationException',
    message: expect.stringMatching(message) as string,
  });
  await expect(write(memory, id, 'one', remove)).rejects.toMatchObject(
    refused(/^recordExpirySpecification: The action REMOVE does not apply/),
  );
  const strategy = { semanticMemoryStrategy: { name: 'Facts', ...remove } };
  await expect(
    memory.create({ name: 'Other', memoryStrategies: [strategy] }),
  ).rejects.toMatchObject(refused(/REMOVE does not apply to strategy Facts/));
  await expect(write(memory, id, 'one', days(30))).rejects.toMatchObject(
    refused(/'recordExpirySpecification\.recordExpiryDurationDays'.*greater than or equal to 31/),
  );
});

test('Events are kept for up to 3650 days.', async () => {
  const memory = await useCurrentMemory();
  expect(await memory.create({ eventExpiryDuration: 3650 })).toMatchObject({
    eventExpiryDuration: 3650,
  });
  await expect(memory.create({ name: 'Other', eventExpiryDuration: 3651 })).rejects.toThrow(
    "'eventExpiryDuration' failed to satisfy constraint: Member must have value less than or equal to 3650",
  );
});

test('An import keeps the expiry of records, and an export omits expired ones.', async () => {
  const [from, to] = [await useCurrentMemory(), await useCurrentMemory()];
  const { id = '' } = await from.create();
  const record = await write(from, id, 'one', days(40));
  await write(from, id, 'two', days(31));
  await advanceDays(from, 35);
  await importInto(to.emulator, await exportFrom(from.emulator));
  const { expiresAt } = await get(from, id, record);
  expect(await get(to, id, record)).toMatchObject({ expiresAt });
  expect(await to.found(id, 'one')).toMatchObject([{ text: 'one' }]);
  await update(to, id, record);
  const updated = await get(to, id, record);
  expect(Number(updated.expiresAt)).toBeGreaterThanOrEqual(Date.now() + 39 * DAY * 1_000);
});

test('A file whose records have no expiry is migrated, and expired records free their space.', async () => {
  const dataFolder = await useFolder();
  const file = join(dataFolder, 'memory.db');
  const first = await useCurrentMemory({ dataFolder });
  const { id = '' } = await first.create();
  const old = await write(first, id, 'old');
  await first.emulator.close();
  const database = new DatabaseSync(file);
  database.exec(
    'DROP INDEX record_expiry; ALTER TABLE records DROP COLUMN expiry_days; ALTER TABLE records DROP COLUMN expires_at; PRAGMA user_version = 4',
  );
  database.close();
  const second = await useCurrentMemory({ dataFolder });
  expect(await get(second, id, old)).not.toHaveProperty('expiresAt');
  await write(second, id, 'new', days(31));
  await advanceDays(second, 32);
  await second.emulator.close();
  const third = await useCurrentMemory({ dataFolder });
  expect(await third.found(id, 'old')).toMatchObject([{ text: 'old' }]);
  await third.emulator.close();
  const reopened = new DatabaseSync(file, { readOnly: true });
  const texts = reopened.prepare('SELECT text FROM records').all();
  reopened.close();
  expect(texts).toEqual([{ text: 'old' }]);
});
