import { open, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  ListMemoriesCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { ListEventsCommand } from '@aws-sdk/client-bedrock-agentcore';
import { expect, onTestFinished, test } from 'vitest';
import { toStoreError } from '../../../../emulator/services/memory/storeErrors.ts';
import { echoAgent, useAgent, useFolder } from '../../../support/agents.ts';
import { eventually } from '../../../support/eventually.ts';
import { exportFrom, importInto } from '../../../support/lines.ts';
import { BEGINNING, here, useMemory } from '../../../support/memory.ts';
import { facts, extractRecords, readTexts } from '../../../support/strategyMemory.ts';

const memories = [{ project: 'Demo', root: '/demo', name: 'Notes', eventExpiryDuration: 30 }];
const PAGE = 4_096;

/** Creates a data folder with a memory of 400 events. */
async function useFilledMemory() {
  const dataFolder = await useFolder();
  const { emulator, control } = await useMemory({ dataFolder, memories });
  const { memories: stored } = await control.send(new ListMemoriesCommand({}));
  await importInto(
    emulator,
    Array.from({ length: 400 }, (_, index) => ({
      type: 'event',
      memory: 'Demo_Notes',
      ...here,
      eventTimestamp: new Date(BEGINNING + index),
      payload: [{ blob: 'x'.repeat(500) }],
    })),
  );
  await emulator.close();
  return { dataFolder, file: join(dataFolder, 'memory.db'), memoryId: stored![0]!.id! };
}

const damages: Readonly<Record<string, (file: string) => Promise<void>>> = {
  'is not a database': (file) => writeFile(file, 'this is not a database'),
  'was truncated': async (file) => truncate(file, Math.floor((await stat(file)).size / 2)),
  async 'was overwritten in the middle'(file) {
    const { size } = await stat(file);
    const handle = await open(file, 'r+');
    // Keep the first page, which has the schema.
    for (let at = PAGE; at < size; at += PAGE) await handle.write('damage'.repeat(100), at);
    await handle.close();
  },
};

test.for(Object.keys(damages))(
  'A file that %s is copied and left unchanged, and agents keep running.',
  async (kind) => {
    const { dataFolder, file, memoryId } = await useFilledMemory();
    await damages[kind]!(file);
    const damaged = await readFile(file);
    const agents = [await useAgent(echoAgent)];
    const { emulator, data, control, said, say } = await useMemory({
      dataFolder,
      memories,
      agents,
    });
    const rejection = {
      name: 'InternalServerException',
      message: expect.stringMatching(
        /memory\.db is damaged: .*a copy is .*Move the file away to start/,
      ),
    };
    const list = () => data.send(new ListEventsCommand({ memoryId, ...here }));
    await expect(list()).rejects.toMatchObject(rejection);
    await expect(say(memoryId, 'hello')).rejects.toMatchObject(rejection);
    await expect(control.send(new ListMemoriesCommand({}))).rejects.toMatchObject(rejection);
    expect(await emulator.invoke()).toMatchObject({ turns: 1 });
    expect(emulator.log.filter((line) => line.includes('is damaged'))).toHaveLength(1);

    expect((await readFile(file)).equals(damaged)).toBe(true);
    const copies = (await readdir(dataFolder)).filter((name) => /\.damaged-[^-]+-.*Z$/.test(name));
    expect(copies).toHaveLength(1);
    expect((await readFile(join(dataFolder, copies[0]!))).equals(damaged)).toBe(true);

    for (const part of ['', '-wal', '-shm']) await rm(file + part, { force: true });
    await say(memoryId, 'hello');
    expect(await said(memoryId)).toEqual(['hello']);
  },
);

test('A call that reads a damaged page reports it, and nothing is written afterwards.', async () => {
  const { dataFolder, file, memoryId } = await useFilledMemory();
  const { emulator, data, control, said, say } = await useMemory({ dataFolder, memories });
  expect(await said(memoryId, { maxResults: 1 })).toEqual(['']);
  await say(memoryId, 'in the log', { sessionId: 'two' });
  const { size } = await stat(file);
  const handle = await open(file, 'r+');
  const pages = Math.floor(size / PAGE);
  // These pages contain events. Pages that every call needs are already in the cache.
  for (let page = Math.floor(pages / 3); page < pages; page += 1) {
    await handle.write('damage'.repeat(100), page * PAGE);
  }
  await handle.close();
  const parts = async () => [await readFile(file), await readFile(`${file}-wal`)];
  const before = await parts();
  await eventually(async () => {
    await expect(
      data.send(new ListEventsCommand({ memoryId, ...here, maxResults: 100 })),
    ).rejects.toThrow(/is damaged/);
  });
  await expect(say(memoryId, 'hello')).rejects.toThrow(/is damaged/);
  const resourceArn = `arn:aws:bedrock-agentcore:us-east-1:000000000000:memory/${memoryId}`;
  const untag = new UntagResourceCommand({ resourceArn, tagKeys: ['a'] });
  await expect(control.send(untag)).rejects.toThrow(/is damaged/);
  await emulator.close();
  expect(await parts()).toEqual(before);

  const next = await useMemory({ dataFolder, memories });
  await expect(next.say(memoryId, 'hello')).rejects.toThrow(/is damaged: .* a copy is /);
  await next.emulator.close();
  expect(await parts()).toEqual(before);
  const copies = (await readdir(dataFolder)).filter((name) => name.includes('.damaged-'));
  expect(copies).toEqual([expect.stringMatching(/Z$/), expect.stringMatching(/Z-wal$/)]);
  const copied = copies.map(async (name) => readFile(join(dataFolder, name)));
  expect(await Promise.all(copied)).toEqual(before);
});

test('Damage that an export finds is reported by later calls and after a restart.', async () => {
  const { dataFolder, file, memoryId } = await useFilledMemory();
  const { emulator, say } = await useMemory({ dataFolder, memories });
  await say(memoryId, 'before', { sessionId: 'two' });
  const middle = Math.floor((await stat(file)).size / PAGE / 2);
  const handle = await open(file, 'r+');
  // These pages contain old events, which no other call reads.
  for (const page of [0, 1, 2, 3]) {
    await handle.write('damage'.repeat(100), (middle + page) * PAGE);
  }
  await handle.close();
  await expect(exportFrom(emulator)).rejects.toThrow('terminated');
  await expect(say(memoryId, 'after', { sessionId: 'two' })).rejects.toThrow(/is damaged/);
  await emulator.close();
  const next = await useMemory({ dataFolder, memories });
  await expect(next.say(memoryId, 'later', { sessionId: 'two' })).rejects.toThrow(
    /is damaged: it is unchanged since the damage was found/,
  );
});

test('A background error is logged, and the next event is extracted.', async () => {
  const { dataFolder, file, memoryId } = await useFilledMemory();
  const withFacts = [{ ...memories[0]!, memoryStrategies: [facts] }];
  const memory = await useMemory({ dataFolder, memories: withFacts });
  await memory.say(memoryId, 'I live in Lisbon.');
  const database = new DatabaseSync(file);
  onTestFinished(() => database.close());
  database.exec('ALTER TABLE ingested RENAME TO elsewhere');
  expect(await extractRecords(memory, memoryId, '/facts/ana/')).toEqual([]);
  expect(memory.emulator.log.join('\n')).toMatch(
    /memory background task failed: .*no such table: ingested/,
  );
  database.exec('ALTER TABLE elsewhere RENAME TO ingested');
  await memory.say(memoryId, 'hello');
  expect(readTexts(await extractRecords(memory, memoryId, '/facts/ana/'))).toEqual([
    'The user lives in Lisbon.',
  ]);
});

test('A file of a newer schema version is refused and left unchanged.', async () => {
  const { dataFolder, file, memoryId } = await useFilledMemory();
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 1000; DROP TABLE replies');
  database.close();
  const { emulator, said } = await useMemory({ dataFolder, memories });
  const why = /memory\.db was written by a newer emulator \(schema version 1000;.* --data DIR/;
  expect(emulator.log.filter((line) => why.test(line))).toHaveLength(1);
  await expect(said(memoryId)).rejects.toThrow(why);
  await emulator.close();
  const after = new DatabaseSync(file);
  onTestFinished(() => after.close());
  expect(() => after.prepare('SELECT * FROM replies')).toThrow(/no such table/);
});

test('An SQL error is not reported as an error of the file.', async () => {
  const database = new DatabaseSync(':memory:');
  onTestFinished(() => database.close());
  const runInvalidSql = async () => database.exec('SELECT nothing');
  const sqlError: unknown = await runInvalidSql().catch((error: unknown) => error);
  expect(sqlError).toMatchObject({ errcode: 1 });
  expect(toStoreError(sqlError, 'memory.db')).toBeNull();
});

test('A seed that cannot be stored stops the start.', async () => {
  const { dataFolder, file } = await useFilledMemory();
  await writeFile(file, 'not a database');
  const seed = join(dataFolder, 'seed.jsonl');
  await writeFile(seed, '');
  await expect(useMemory({ dataFolder, memories, seed })).rejects.toThrow(/memory\.db is damaged/);
});
