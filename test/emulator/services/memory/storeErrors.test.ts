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
import { facts, records, textsOf } from '../../../support/strategyMemory.ts';

const memories = [{ project: 'Demo', root: '/demo', name: 'Notes', eventExpiryDuration: 30 }];
const PAGE = 4_096;

/** The data folder of an emulator that remembered some hundred events, and its file. */
async function useKept() {
  const dataFolder = await useFolder();
  const { emulator, control } = await useMemory({ dataFolder, memories });
  const { memories: kept } = await control.send(new ListMemoriesCommand({}));
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
  return { dataFolder, file: join(dataFolder, 'memory.db'), memoryId: kept![0]!.id! };
}

const damages: Readonly<Record<string, (file: string) => Promise<void>>> = {
  'is no database': (file) => writeFile(file, 'this is no database, but it may be dear to someone'),
  'was cut off': async (file) => truncate(file, Math.floor((await stat(file)).size / 2)),
  async 'was overwritten in its midst'(file) {
    const { size } = await stat(file);
    const handle = await open(file, 'r+');
    // The first page, which says what else there is, stays.
    for (let at = PAGE; at < size; at += PAGE) await handle.write('damage'.repeat(100), at);
    await handle.close();
  },
};

test.for(Object.keys(damages))(
  'of a file that %s a copy is kept, it is left as it is, and agents run on',
  async (how) => {
    const { dataFolder, file, memoryId } = await useKept();
    await damages[how]!(file);
    const damaged = await readFile(file);
    const agents = [await useAgent(echoAgent)];
    const { emulator, data, control, said, say } = await useMemory({
      dataFolder,
      memories,
      agents,
    });
    const refusal = {
      name: 'InternalServerException',
      message: expect.stringMatching(
        /memory\.db, .* is damaged: .*a copy is .*Move it away to start/,
      ),
    };
    const list = () => data.send(new ListEventsCommand({ memoryId, ...here }));
    await expect(list()).rejects.toMatchObject(refusal);
    await expect(say(memoryId, 'hello')).rejects.toMatchObject(refusal);
    await expect(control.send(new ListMemoriesCommand({}))).rejects.toMatchObject(refusal);
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

test('one page that is damaged is found by who needs it, and from then on nothing is written', async () => {
  const { dataFolder, file, memoryId } = await useKept();
  const { emulator, data, control, said, say } = await useMemory({ dataFolder, memories });
  expect(await said(memoryId, { maxResults: 1 })).toEqual(['']);
  await say(memoryId, 'in the log', { sessionId: 'two' });
  const { size } = await stat(file);
  const handle = await open(file, 'r+');
  const pages = Math.floor(size / PAGE);
  // The last half is of events; what every call needs has been read already.
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

test('damage that an export meets first is everybody’s from then on, and known at the next start', async () => {
  const { dataFolder, file, memoryId } = await useKept();
  const { emulator, say } = await useMemory({ dataFolder, memories });
  await say(memoryId, 'before', { sessionId: 'two' });
  const middle = Math.floor((await stat(file)).size / PAGE / 2);
  const handle = await open(file, 'r+');
  // Old events are there, which nobody else reads.
  for (const page of [0, 1, 2, 3]) {
    await handle.write('damage'.repeat(100), (middle + page) * PAGE);
  }
  await handle.close();
  await expect(exportFrom(emulator)).rejects.toThrow('terminated');
  await expect(say(memoryId, 'after', { sessionId: 'two' })).rejects.toThrow(/is damaged/);
  await emulator.close();
  const next = await useMemory({ dataFolder, memories });
  await expect(next.say(memoryId, 'later', { sessionId: 'two' })).rejects.toThrow(
    /is damaged: it is the same as when that was found/,
  );
});

test('what goes wrong in the background is logged, and the next event is extracted', async () => {
  const { dataFolder, file, memoryId } = await useKept();
  const withFacts = [{ ...memories[0]!, memoryStrategies: [facts] }];
  const memory = await useMemory({ dataFolder, memories: withFacts });
  await memory.say(memoryId, 'I live in Lisbon.');
  const database = new DatabaseSync(file);
  onTestFinished(() => database.close());
  database.exec('ALTER TABLE ingested RENAME TO elsewhere');
  expect(await records(memory, memoryId, '/facts/ana/')).toEqual([]);
  expect(memory.emulator.log.join('\n')).toMatch(/memories: .*no such table: ingested/);
  database.exec('ALTER TABLE elsewhere RENAME TO ingested');
  await memory.say(memoryId, 'hello');
  expect(textsOf(await records(memory, memoryId, '/facts/ana/'))).toEqual([
    'The user lives in Lisbon.',
  ]);
});

test('a file of a newer emulator is left as it is, and said to be', async () => {
  const { dataFolder, file, memoryId } = await useKept();
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 1000; DROP TABLE replies');
  database.close();
  const { emulator, said } = await useMemory({ dataFolder, memories });
  const why = /memory\.db, .* is of a newer emulator: its form is 1000, .* --data DIR/;
  expect(emulator.log.filter((line) => why.test(line))).toHaveLength(1);
  await expect(said(memoryId)).rejects.toThrow(why);
  await emulator.close();
  const after = new DatabaseSync(file);
  onTestFinished(() => after.close());
  expect(() => after.prepare('SELECT * FROM replies')).toThrow(/no such table/);
});

test('a mistake in a statement is not told as a fault of the file', async () => {
  const database = new DatabaseSync(':memory:');
  onTestFinished(() => database.close());
  const ask = async () => database.exec('SELECT nothing');
  const mistake: unknown = await ask().catch((error: unknown) => error);
  expect(mistake).toMatchObject({ errcode: 1 });
  expect(toStoreError(mistake, 'memory.db')).toBeNull();
});

test('a seed that cannot be kept stops the start', async () => {
  const { dataFolder, file } = await useKept();
  await writeFile(file, 'no database');
  const seed = join(dataFolder, 'seed.jsonl');
  await writeFile(seed, '');
  await expect(useMemory({ dataFolder, memories, seed })).rejects.toThrow(
    /memory\.db, .* is damaged/,
  );
});
