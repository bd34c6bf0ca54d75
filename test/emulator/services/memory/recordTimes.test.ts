import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  BatchUpdateMemoryRecordsCommand,
  GetMemoryRecordCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import { useFolder } from '../../../support/agents.ts';
import { exportFrom, importInto, readLines } from '../../../support/lines.ts';
import { BEGINNING, useMemory, type TestMemory } from '../../../support/memory.ts';
import { listRecords, writeRecords } from '../../../support/records.ts';
import { facts, extractRecords } from '../../../support/strategyMemory.ts';

const timestamp = new Date(BEGINNING);
const HOUR = 3_600;

/** Returns the times of the only record, which is exported with all of them. */
async function readTimes({ emulator }: TestMemory) {
  const record = readLines(await exportFrom(emulator)).find(({ type }) => type === 'record');
  const time = (name: string) => new Date(String(record![name]));
  return {
    createdAt: time('createdAt'),
    updatedAt: time('updatedAt'),
    timestamp: time('timestamp'),
  };
}

test('A record is created when it is written, whatever the time of its source.', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  const before = Date.now();
  const [memoryRecordId = ''] = await writeRecords(memory, memoryId, ['one'], { timestamp });
  const { memoryRecord } = await memory.data.send(
    new GetMemoryRecordCommand({ memoryId, memoryRecordId }),
  );
  const createdAt = memoryRecord!.createdAt!;
  expect(Number(createdAt)).toBeGreaterThanOrEqual(before);
  expect(await readTimes(memory)).toEqual({ createdAt, updatedAt: createdAt, timestamp });

  await memory.emulator.admin('/clock', { advanceSeconds: HOUR });
  const later = new Date(BEGINNING + 1_000);
  await memory.data.send(
    new BatchUpdateMemoryRecordsCommand({
      memoryId,
      records: [{ memoryRecordId, timestamp: later }],
    }),
  );
  const times = await readTimes(memory);
  expect(times).toMatchObject({ createdAt, timestamp: later });
  expect(Number(times.updatedAt) - Number(createdAt)).toBeGreaterThanOrEqual(HOUR * 1_000);
});

test('An extracted record has the time of its message.', async () => {
  const memory = await useMemory();
  const { id = '' } = await memory.create({ memoryStrategies: [facts] });
  const { eventTimestamp } = await memory.say(id, 'I live in Lisbon.');
  const [record] = await extractRecords(memory, id, '/facts/ana/');
  expect(await readTimes(memory)).toMatchObject({
    createdAt: record!.createdAt,
    timestamp: eventTimestamp,
  });
});

test('Records are filtered by the time at which they were written.', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  const of = { timestamp };
  await writeRecords(memory, memoryId, ['old'], of);
  await memory.emulator.admin('/clock', { advanceSeconds: HOUR });
  const { now } = await memory.emulator.admin<{ now: string }>('/clock');
  await writeRecords(memory, memoryId, ['new'], of);
  const writtenThen = (operator: 'BEFORE' | 'AFTER') =>
    listRecords(memory, {
      memoryId,
      namespacePath: '/',
      metadataFilters: [
        {
          left: { metadataKey: 'x-amz-agentcore-memory-createdAt' },
          operator,
          right: { metadataValue: { dateTimeValue: new Date(Date.parse(now) - 60_000) } },
        },
      ],
    });
  expect(await writtenThen('BEFORE')).toEqual(['old']);
  expect(await writtenThen('AFTER')).toEqual(['new']);
});

test('An imported record keeps all of its times.', async () => {
  const [from, to] = [await useMemory(), await useMemory()];
  const { id = '' } = await from.create();
  await writeRecords(from, id, ['one'], { timestamp });
  await from.emulator.admin('/clock', { advanceSeconds: HOUR });
  await importInto(to.emulator, await exportFrom(from.emulator));
  expect(await readTimes(to)).toEqual(await readTimes(from));
});

test('A file of an earlier version keeps its records, with one time for both.', async () => {
  const dataFolder = await useFolder();
  const first = await useMemory({ dataFolder });
  const { id = '' } = await first.create();
  await writeRecords(first, id, ['one'], { timestamp });
  const { createdAt } = await readTimes(first);
  await first.emulator.close();
  const database = new DatabaseSync(join(dataFolder, 'memory.db'));
  database.exec(
    'DROP INDEX record_expiry; ALTER TABLE records DROP COLUMN expiry_days; ALTER TABLE records DROP COLUMN expires_at; ALTER TABLE records DROP COLUMN timestamp; PRAGMA user_version = 3',
  );
  database.close();
  const second = await useMemory({ dataFolder });
  expect(await readTimes(second)).toEqual({
    createdAt,
    updatedAt: createdAt,
    timestamp: createdAt,
  });
  expect(await second.found(id, 'one')).toMatchObject([{ text: 'one' }]);
  await writeRecords(second, id, ['two'], { timestamp });
  expect(await second.found(id, 'two')).toMatchObject([{ text: 'two' }, { text: 'one' }]);
});
