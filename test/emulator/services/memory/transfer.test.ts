import {
  BatchCreateMemoryRecordsCommand,
  CreateEventCommand,
  DeleteEventCommand,
  ListEventsCommand,
  ListMemoryRecordsCommand,
  ListSessionsCommand,
  type ListEventsInput,
} from '@aws-sdk/client-bedrock-agentcore';
import { GetMemoryCommand, ListMemoriesCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { useFolder } from '../../../support/agents.ts';
import { exportFrom, importInto, readLines } from '../../../support/lines.ts';
import {
  BEGINNING,
  here,
  projectMemories,
  useMemory,
  type TestMemory,
} from '../../../support/memory.ts';

const DAY = 24 * 60 * 60;

/** Creates a memory with every kind of content. */
async function useFullMemory(options: Parameters<typeof useMemory>[0] = {}) {
  const memory = await useMemory(options);
  const { id: memoryId = '', strategies } = await memory.create({
    description: 'all of it',
    memoryStrategies: [
      { semanticMemoryStrategy: { name: 'Facts', namespaceTemplates: ['/facts/{actorId}/'] } },
      {
        customMemoryStrategy: {
          name: 'Own',
          configuration: {
            summaryOverride: { consolidation: { appendToPrompt: 'Short.', modelId: 'a-model' } },
          },
        },
      },
      { episodicMemoryStrategy: { name: 'Episodes' } },
    ],
    memoryExecutionRoleArn: 'arn:aws:iam::000000000000:role/memory',
    indexedKeys: [{ key: 'when', type: 'STRING' }],
    tags: { team: 'a' },
  });
  const root = await memory.say(memoryId, 'I live in Lisbon.', {
    metadata: { topic: { stringValue: 'home' } },
  });
  await memory.emulator.admin('/clock', { advanceSeconds: 30 });
  await memory.say(memoryId, 'a branch', {
    branch: { name: 'b', rootEventId: root.eventId },
    extractionMode: 'SKIP',
  });
  await memory.data.send(
    new CreateEventCommand({
      memoryId,
      actorId: 'bob/x',
      sessionId: 'two',
      eventTimestamp: new Date(BEGINNING),
      payload: [{ blob: { deep: [1, 'ünïcödé\u2028', null] } }, { json: { content: { a: 1 } } }],
    }),
  );
  const gone = await memory.say(memoryId, 'gone', { sessionId: 'empty', extractionMode: 'SKIP' });
  await memory.data.send(
    new DeleteEventCommand({ memoryId, ...here, sessionId: 'empty', eventId: gone.eventId }),
  );
  await memory.data.send(
    new BatchCreateMemoryRecordsCommand({
      memoryId,
      records: [
        {
          requestIdentifier: 'a',
          namespaces: ['/own/'],
          content: { text: 'written by hand' },
          timestamp: new Date(BEGINNING),
          memoryStrategyId: strategies![0]!.strategyId,
          metadata: { when: { dateTimeValue: new Date(BEGINNING) } },
        },
      ],
    }),
  );
  return { ...memory, memoryId };
}

/** Returns the content of a memory as the SDK reads it. */
async function readMemory({ data, control }: TestMemory, memoryId: string) {
  const events = async (place: Pick<ListEventsInput, 'actorId' | 'sessionId'>) =>
    (await data.send(new ListEventsCommand({ memoryId, ...place }))).events;
  return {
    memory: (await control.send(new GetMemoryCommand({ memoryId }))).memory,
    ana: await events(here),
    bob: await events({ actorId: 'bob/x', sessionId: 'two' }),
    sessions: await data.send(new ListSessionsCommand({ memoryId, actorId: 'ana' })),
    records: (await data.send(new ListMemoryRecordsCommand({ memoryId, namespacePath: '/' })))
      .memoryRecordSummaries,
  };
}

const anyMetadata = { $metadata: expect.anything() };

test('An export and import copies all content, and a second export is equal.', async () => {
  const one = await useFullMemory();
  const lines = await exportFrom(one.emulator);
  const other = await useMemory();
  expect(await importInto(other.emulator, lines)).toMatchObject({
    status: 200,
    added: { memories: 1, events: 3, records: 4 },
    alreadyThere: 0,
  });
  const before = await readMemory(one, one.memoryId);
  expect(before.ana).toHaveLength(2);
  expect(before.sessions.sessionSummaries).toHaveLength(2);
  expect(await readMemory(other, one.memoryId)).toEqual({
    ...before,
    sessions: { ...before.sessions, ...anyMetadata },
  });
  expect(await exportFrom(other.emulator)).toBe(lines);
});

test('Importing existing items again changes nothing.', async () => {
  const memory = await useFullMemory();
  const lines = await exportFrom(memory.emulator);
  await memory.say(memory.memoryId, 'later', { extractionMode: 'SKIP' });
  const before = await readMemory(memory, memory.memoryId);
  expect(await importInto(memory.emulator, lines)).toMatchObject({
    added: { memories: 0, events: 0, records: 0 },
    alreadyThere: 8,
  });
  expect(await readMemory(memory, memory.memoryId)).toEqual({
    ...before,
    sessions: { ...before.sessions, ...anyMetadata },
  });
});

test('Imported insights are consolidated, and imported pending events are extracted.', async () => {
  const one = await useMemory();
  const strategy = { name: 'Facts', namespaceTemplates: ['/facts/{actorId}/'] };
  const { id = '' } = await one.create({
    memoryStrategies: [{ semanticMemoryStrategy: strategy }],
  });
  await one.say(id, 'I live in Lisbon.');
  await one.emulator.admin('/clock', { advanceSeconds: 30 });
  await one.say(id, 'I moved to Porto.');
  const other = await useMemory();
  await importInto(other.emulator, await exportFrom(one.emulator));
  const texts = async () => (await other.found(id, 'where')).map(({ text }) => text);
  expect(await texts()).toEqual([expect.stringMatching(/Lisbon/)]);
  await other.emulator.admin('/clock', { advanceSeconds: 30 });
  expect(await texts()).toEqual([expect.stringMatching(/Porto/)]);
});

test('Imported events expire after the import time, and expired events are not exported.', async () => {
  const one = await useMemory();
  const { id = '' } = await one.create({ eventExpiryDuration: 7 });
  await one.say(id, 'old');
  await one.emulator.admin('/clock', { advanceSeconds: 5 * DAY });
  await one.say(id, 'new');
  const both = await exportFrom(one.emulator);
  await one.emulator.admin('/clock', { advanceSeconds: 5 * DAY });
  const left = readLines(await exportFrom(one.emulator)).filter(({ type }) => type === 'event');
  expect(left).toMatchObject([{ payload: [{ conversational: { content: { text: 'new' } } }] }]);
  await one.say(id, 'newer', { sessionId: 'two' });
  // The first session has expired, but the hourly removal has not run yet.
  await one.emulator.admin('/clock', { advanceSeconds: 2 * DAY + 60 });
  const sessions = readLines(await exportFrom(one.emulator)).filter(
    ({ type }) => type === 'session',
  );
  expect(sessions).toMatchObject([{ sessionId: 'two' }]);
  const other = await useMemory();
  await other.emulator.admin('/clock', { advanceSeconds: 30 * DAY });
  await importInto(other.emulator, both);
  expect(await other.said(id)).toEqual(['new', 'old']);
});

test('A project’s memory is identified by name: imported content gets the ids of the other folder.', async () => {
  const one = await useMemory({ memories: projectMemories('/one') });
  const [{ id = '' } = {}] = (await one.control.send(new ListMemoriesCommand({}))).memories!;
  await one.say(id, 'I live in Lisbon.');
  await one.emulator.admin('/clock', { advanceSeconds: 30 });
  const lines = await exportFrom(one.emulator);
  const other = await useMemory({ memories: projectMemories('/other') });
  await importInto(other.emulator, lines);
  const [{ id: otherId = '' } = {}] = (await other.control.send(new ListMemoriesCommand({})))
    .memories!;
  expect(otherId).not.toBe(id);
  expect(await other.said(otherId)).toEqual(['I live in Lisbon.']);
  const { memory } = await other.control.send(new GetMemoryCommand({ memoryId: otherId }));
  const { strategyId = '' } = memory!.strategies![0]!;
  const { memoryRecordSummaries } = await other.retrieve(
    otherId,
    'Lisbon',
    {},
    {
      namespace: `/strategies/${strategyId}/actors/ana/`,
    },
  );
  expect(memoryRecordSummaries).toMatchObject([{ memoryStrategyId: strategyId }]);
});

test('A project that is moved to another folder keeps its memories.', async () => {
  const dataFolder = await useFolder();
  const one = await useMemory({ dataFolder, memories: projectMemories('/one') });
  const [{ id = '' } = {}] = (await one.control.send(new ListMemoriesCommand({}))).memories!;
  await one.say(id, 'kept');
  await one.emulator.close();
  const other = await useMemory({ dataFolder, memories: projectMemories('/other') });
  expect(await other.said(id)).toEqual(['kept']);
});
