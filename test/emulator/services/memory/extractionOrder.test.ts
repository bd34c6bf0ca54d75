import {
  BatchUpdateMemoryRecordsCommand,
  IngestDataCommand,
  ListMemoryExtractionJobsCommand,
  StartMemoryExtractionJobCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { UpdateMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { exportFrom, importInto } from '../../../support/lines.ts';
import { BEGINNING, here, useMemory } from '../../../support/memory.ts';
import {
  facts,
  extractRecords as recordsOf,
  readTexts,
  useMemoryWithStrategies,
} from '../../../support/strategyMemory.ts';

const after = (seconds: number) => ({ eventTimestamp: new Date(BEGINNING + seconds * 1_000) });

test('The fact with the latest event time counts, in any order of arrival.', async () => {
  const { id, say, records } = await useMemoryWithStrategies({ memoryStrategies: [facts] });
  const factsAfter = async (text: string, sessionId: string, seconds: number) => {
    await say(id, text, { sessionId, ...after(seconds) });
    return readTexts(await records('/facts/ana/'));
  };
  expect(await factsAfter('I moved to Porto.', 'one', 2_000)).toEqual(['The user lives in Porto.']);
  expect(await factsAfter('I live in Lisbon.', 'two', 1_000)).toEqual(['The user lives in Porto.']);
  expect(await factsAfter('I live in Porto.', 'three', 4_000)).toEqual([
    'The user lives in Porto.',
  ]);
  expect(await factsAfter('I moved to Faro.', 'four', 3_000)).toEqual(['The user lives in Porto.']);
  expect(await factsAfter('I moved to Faro.', 'four', 5_000)).toEqual(['The user lives in Faro.']);
});

/** Creates a memory whose extraction fails for long texts. */
const useLimitedMemory = () =>
  useMemoryWithStrategies({ memoryStrategies: [facts] }, { limits: { extraction: 8 } });

/** Restarts the failed job of a memory, alone in its minute, where it may exceed the limit of tokens. */
async function restartFailedJob({
  id: memoryId,
  records,
  data,
}: Awaited<ReturnType<typeof useLimitedMemory>>): Promise<void> {
  const { jobs = [] } = await data.send(new ListMemoryExtractionJobsCommand({ memoryId }));
  await records('/none/');
  await records('/none/');
  const extractionJob = { jobId: jobs[0]?.jobID };
  await data.send(new StartMemoryExtractionJobCommand({ memoryId, extractionJob }));
}

test('A restarted job does not replace a later fact.', async () => {
  const memory = await useLimitedMemory();
  const { id, say, records, data } = memory;
  await say(id, `I live in Lisbon. ${'x'.repeat(50)}`, after(1));
  await records('/facts/ana/');
  await say(id, 'I moved to Porto.', after(2));
  expect(readTexts(await records('/facts/ana/'))).toEqual(['The user lives in Porto.']);
  await restartFailedJob(memory);
  expect(readTexts(await records('/facts/ana/'))).toEqual(['The user lives in Porto.']);
  expect((await data.send(new ListMemoryExtractionJobsCommand({ memoryId: id }))).jobs).toEqual([]);
});

test('Ingested content counts at its contentTimestamp, even when it is extracted later.', async () => {
  const memory = await useLimitedMemory();
  const { id, say, records, data } = memory;
  const text = `I moved to Porto. ${'x'.repeat(50)}`;
  await data.send(
    new IngestDataCommand({
      memoryId: id,
      ...here,
      contentTimestamp: new Date(BEGINNING + 2_000),
      source: { inline: { payload: [{ conversational: { role: 'USER', content: { text } } }] } },
    }),
  );
  await records('/facts/ana/');
  await say(id, 'I live in Lisbon.', after(1));
  expect(readTexts(await records('/facts/ana/'))).toEqual(['The user lives in Lisbon.']);
  await restartFailedJob(memory);
  expect(readTexts(await records('/facts/ana/'))).toEqual(['The user lives in Porto.']);
});

test('An export and import keeps the time of an insight.', async () => {
  const { id, say, records, emulator } = await useMemoryWithStrategies({
    memoryStrategies: [facts],
  });
  await say(id, 'I live in Porto.', after(2));
  await records('/facts/ana/');
  const other = await useMemory();
  await importInto(other.emulator, await exportFrom(emulator));
  await other.say(id, 'I live in Lisbon.', { sessionId: 'two', ...after(1) });
  expect(readTexts(await recordsOf(other, id, '/facts/ana/'))).toEqual([
    'The user lives in Porto.',
  ]);
});

test('A restarted job whose strategy was deleted fails with a reason.', async () => {
  const { id, say, records, data, control, strategies } = await useMemoryWithStrategies(
    { memoryStrategies: [facts] },
    { limits: { extraction: 8 } },
  );
  await say(id, 'x'.repeat(50));
  await records('/none/');
  const list = async () =>
    (await data.send(new ListMemoryExtractionJobsCommand({ memoryId: id }))).jobs ?? [];
  const [job] = await list();
  const [{ strategyId: memoryStrategyId } = {}] = strategies;
  await control.send(
    new UpdateMemoryCommand({
      memoryId: id,
      memoryStrategies: { deleteMemoryStrategies: [{ memoryStrategyId }] },
    }),
  );
  await data.send(
    new StartMemoryExtractionJobCommand({ memoryId: id, extractionJob: { jobId: job?.jobID } }),
  );
  await records('/none/');
  expect(await list()).toEqual([
    {
      ...job,
      failureReason: `STRATEGY_DELETED: the memory no longer has strategy ${memoryStrategyId}`,
    },
  ]);
});

test('A record that moves to another namespace is consolidated there.', async () => {
  const { id, say, records, data } = await useMemoryWithStrategies({ memoryStrategies: [facts] });
  await say(id, 'I live in Lisbon.');
  const [record] = await records('/facts/ana/');
  await data.send(
    new BatchUpdateMemoryRecordsCommand({
      memoryId: id,
      records: [
        {
          memoryRecordId: record?.memoryRecordId,
          timestamp: new Date(BEGINNING),
          namespaces: ['/facts/bea/'],
        },
      ],
    }),
  );
  await say(id, 'I live in Porto.', { actorId: 'bea' });
  await say(id, 'I live in Faro.');
  expect(readTexts(await records('/facts/bea/'))).toEqual(['The user lives in Porto.']);
  expect(readTexts(await records('/facts/ana/'))).toEqual(['The user lives in Faro.']);
});

test('A long text keeps only its last insights, and its extraction does not block other requests.', async () => {
  const { id, say, records, found, emulator } = await useMemoryWithStrategies({
    memoryStrategies: [facts],
  });
  const text = Array.from({ length: 3_000 }, (_, index) => `I own a z${index}.`).join(' ');
  await say(id, text);
  // Counts the turns of the emulator's event loop, each of which can serve requests. How many requests are
  // answered in them depends on the machine.
  let turns = 0;
  let isDone = false;
  setImmediate(function count() {
    turns += 1;
    if (!isDone) setImmediate(count);
  });
  await emulator.admin('/clock', { advanceSeconds: 30 });
  isDone = true;
  // An extraction that blocks takes a single turn. The request to advance the clock takes a few.
  expect(turns).toBeGreaterThan(30);
  const texts = readTexts(await records('/facts/ana/'));
  expect(texts.at(-1)).toBe('The user owns a z2999.');
  expect(await found(id, 'z2500', { topK: 1 })).toEqual([
    { text: 'The user owns a z2500.', score: 1 },
  ]);
  expect(await found(id, 'z2499', { topK: 1 })).toMatchObject([{ score: 0 }]);
  expect(emulator.log.join('\n')).toContain(
    'found 3000 insights in session one and keeps the last 500',
  );
});
