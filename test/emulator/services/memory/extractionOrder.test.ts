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
  records as recordsOf,
  textsOf,
  useMemoryWithStrategies,
} from '../../../support/strategyMemory.ts';

const after = (seconds: number) => ({ eventTimestamp: new Date(BEGINNING + seconds * 1_000) });

test('what was said later counts, whenever it comes, and being said again is said later', async () => {
  const { id, say, records } = await useMemoryWithStrategies({ memoryStrategies: [facts] });
  const told = async (text: string, sessionId: string, seconds: number) => {
    await say(id, text, { sessionId, ...after(seconds) });
    return textsOf(await records('/facts/ana/'));
  };
  expect(await told('I moved to Porto.', 'one', 2_000)).toEqual(['The user lives in Porto.']);
  expect(await told('I live in Lisbon.', 'two', 1_000)).toEqual(['The user lives in Porto.']);
  expect(await told('I live in Porto.', 'three', 4_000)).toEqual(['The user lives in Porto.']);
  expect(await told('I moved to Faro.', 'four', 3_000)).toEqual(['The user lives in Porto.']);
  expect(await told('I moved to Faro.', 'four', 5_000)).toEqual(['The user lives in Faro.']);
});

test('a job that is started late does not take the place of what was said since', async () => {
  const { id, say, records, data } = await useMemoryWithStrategies(
    { memoryStrategies: [facts] },
    { limits: { extraction: 8 } },
  );
  await say(id, `I live in Lisbon. ${'x'.repeat(50)}`, after(1));
  await records('/facts/ana/');
  await say(id, 'I moved to Porto.', after(2));
  expect(textsOf(await records('/facts/ana/'))).toEqual(['The user lives in Porto.']);
  const { jobs = [] } = await data.send(new ListMemoryExtractionJobsCommand({ memoryId: id }));
  const extractionJob = { jobId: jobs[0]?.jobID };
  await records('/none/');
  await records('/none/');
  await data.send(new StartMemoryExtractionJobCommand({ memoryId: id, extractionJob }));
  // Alone in its minute it is extracted, though it is larger than the minute's tokens.
  expect(textsOf(await records('/facts/ana/'))).toEqual(['The user lives in Porto.']);
  expect((await data.send(new ListMemoryExtractionJobsCommand({ memoryId: id }))).jobs).toEqual([]);
});

test('what was ingested and extracted late was said when it says', async () => {
  const { id, say, records, data } = await useMemoryWithStrategies(
    { memoryStrategies: [facts] },
    { limits: { extraction: 8 } },
  );
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
  expect(textsOf(await records('/facts/ana/'))).toEqual(['The user lives in Lisbon.']);
  const { jobs = [] } = await data.send(new ListMemoryExtractionJobsCommand({ memoryId: id }));
  const extractionJob = { jobId: jobs[0]?.jobID };
  await records('/none/');
  await records('/none/');
  await data.send(new StartMemoryExtractionJobCommand({ memoryId: id, extractionJob }));
  expect(textsOf(await records('/facts/ana/'))).toEqual(['The user lives in Porto.']);
});

test('when it was said goes with a record into an export and out of it', async () => {
  const { id, say, records, emulator } = await useMemoryWithStrategies({
    memoryStrategies: [facts],
  });
  await say(id, 'I live in Porto.', after(2));
  await records('/facts/ana/');
  const other = await useMemory();
  await importInto(other.emulator, await exportFrom(emulator));
  await other.say(id, 'I live in Lisbon.', { sessionId: 'two', ...after(1) });
  expect(textsOf(await recordsOf(other, id, '/facts/ana/'))).toEqual(['The user lives in Porto.']);
});

test('a job whose strategy is gone stays, and says so', async () => {
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
      failureReason: `STRATEGY_DELETED: the memory has no strategy ${memoryStrategyId} any more`,
    },
  ]);
});

test('a record that is moved is known where it is', async () => {
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
  expect(textsOf(await records('/facts/bea/'))).toEqual(['The user lives in Porto.']);
  expect(textsOf(await records('/facts/ana/'))).toEqual(['The user lives in Faro.']);
});

test('what is read of one text is bounded: the last of it is kept, and others are answered meanwhile', async () => {
  const { id, say, records, found, emulator } = await useMemoryWithStrategies({
    memoryStrategies: [facts],
  });
  const text = Array.from({ length: 3_000 }, (_, index) => `I own a z${index}.`).join(' ');
  await say(id, text);
  let answered = 0;
  let isDone = false;
  const reading = emulator.admin('/clock', { advanceSeconds: 30 }).then(() => (isDone = true));
  while (!isDone) {
    await emulator.admin('/health');
    answered += 1;
  }
  await reading;
  // Were it one piece, only those before and after it would be.
  expect(answered).toBeGreaterThan(5);
  const kept = textsOf(await records('/facts/ana/'));
  expect(kept.at(-1)).toBe('The user owns a z2999.');
  expect(await found(id, 'z2500', { topK: 1 })).toEqual([
    { text: 'The user owns a z2500.', score: 1 },
  ]);
  expect(await found(id, 'z2499', { topK: 1 })).toMatchObject([{ score: 0 }]);
  expect(emulator.log.join('\n')).toContain(
    'finds 3000 things at once in the session one, and keeps the last 500',
  );
});
