import {
  DeleteEventCommand,
  IngestDataCommand,
  ListMemoryExtractionJobsCommand,
  StartMemoryExtractionJobCommand,
  type ListMemoryExtractionJobsInput,
} from '@aws-sdk/client-bedrock-agentcore';
import { DeleteMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { builtInExtractor } from '../../../../emulator/services/memory/extraction/builtIn.ts';
import type { EmulatorOptions } from '../../../../emulator/options.ts';
import { useFolder } from '../../../support/agents.ts';
import { BEGINNING, here, useMemory } from '../../../support/memory.ts';
import { useOpenMemory } from './useOpenMemory.ts';
import { allow, tenant } from '../../../support/tenants.ts';

const facts = {
  semanticMemoryStrategy: { name: 'Facts', namespaceTemplates: ['/facts/{actorId}/'] },
};

/** Creates a memory with a limit of eight tokens (32 characters) per minute. */
async function useLimited(options: Partial<EmulatorOptions> = {}) {
  const memory = await useMemory({ limits: { extraction: 8 }, ...options });
  const { id: memoryId = '', strategies } = await memory.create({ memoryStrategies: [facts] });
  const { data, emulator } = memory;
  return {
    ...memory,
    memoryId,
    strategyId: strategies?.[0]?.strategyId,
    advance: (seconds: number) => emulator.admin('/clock', { advanceSeconds: seconds }),
    list: async (input: Partial<ListMemoryExtractionJobsInput> = {}) =>
      data.send(new ListMemoryExtractionJobsCommand({ memoryId, ...input })),
    start: (jobId: string | undefined) =>
      data.send(new StartMemoryExtractionJobCommand({ memoryId, extractionJob: { jobId } })),
    texts: async () => (await memory.found(memoryId, 'user')).map(({ text }) => text),
  };
}

test('Content beyond the tokens per minute becomes a failed job that can be started again.', async () => {
  const { say, advance, list, start, texts, memoryId, strategyId } = await useLimited();
  await say(memoryId, 'I live in Lisbon.');
  const { eventId } = await say(memoryId, 'I work as a nurse.', { sessionId: 'two' });
  await advance(15);
  expect(await texts()).toEqual(['The user lives in Lisbon.']);
  const { jobs = [] } = await list();
  expect(jobs).toEqual([
    {
      jobID: expect.any(String) as string,
      messages: { messagesList: [{ eventId, messageIndex: 0 }] },
      status: 'FAILED',
      failureReason: 'LTM_RATE_EXCEEDED',
      strategyId,
      sessionId: 'two',
      actorId: 'ana',
    },
  ]);
  const jobId = jobs[0]!.jobID;
  // In the same minute it fails again, as the same job.
  expect(await start(jobId)).toMatchObject({ jobId });
  expect((await list()).jobs).toEqual([]);
  await advance(15);
  expect((await list()).jobs).toEqual(jobs);
  await advance(60);
  await start(jobId);
  await advance(15);
  expect((await list()).jobs).toEqual([]);
  expect(await texts()).toEqual(
    expect.arrayContaining(['The user lives in Lisbon.', 'The user works as a nurse.']),
  );
  await expect(start(jobId)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: expect.stringContaining(`failed job '${jobId}' does not exist`) as string,
  });
});

test('Failed jobs are listed by session, actor and strategy in pages, newest first.', async () => {
  const { say, advance, list, memoryId } = await useLimited();
  const sessions = ['a', 'b', 'c'];
  for (const sessionId of sessions) await say(memoryId, 'x'.repeat(50), { sessionId });
  await say(memoryId, 'x'.repeat(50), { actorId: 'bea', sessionId: 'a' });
  await advance(15);
  const first = await list({ maxResults: 3 });
  const { nextToken } = first;
  const rest = await list({ maxResults: 3, nextToken });
  const of = ({ jobs = [] }: typeof first) => jobs.map((job) => `${job.actorId} ${job.sessionId}`);
  expect([...of(first), ...of(rest)].toSorted()).toEqual(['ana a', 'ana b', 'ana c', 'bea a']);
  expect(of(await list({ filter: { sessionId: 'a' } })).toSorted()).toEqual(['ana a', 'bea a']);
  expect(of(await list({ filter: { sessionId: 'a', actorId: 'bea' } }))).toEqual(['bea a']);
  expect(of(await list({ filter: { strategyId: 'other', status: 'FAILED' } }))).toEqual([]);
});

test('Starting a job also starts the earlier failed jobs of its session.', async () => {
  const { say, advance, list, start, texts, memoryId } = await useLimited({
    limits: { extraction: 12 },
  });
  await say(memoryId, 'x'.repeat(48), { sessionId: 'other' });
  await say(memoryId, 'I live in Lisbon.');
  await advance(15);
  await say(memoryId, 'I am vegan.');
  await advance(15);
  const { jobs = [] } = await list();
  expect(jobs).toHaveLength(2);
  await advance(60);
  await start(jobs[0]!.jobID);
  await advance(15);
  expect((await list()).jobs).toEqual([]);
  expect(new Set(await texts())).toEqual(
    new Set(['The user is vegan.', 'The user lives in Lisbon.']),
  );
});

test('A restarted job of ingested content continues after a restart of the emulator.', async () => {
  const dataFolder = await useFolder();
  const { data, advance, list, start, memoryId, emulator } = await useLimited({ dataFolder });
  const text = 'I live in Lisbon, and I have been here for ever.';
  await data.send(
    new IngestDataCommand({
      memoryId,
      ...here,
      contentTimestamp: new Date(BEGINNING),
      source: { inline: { payload: [{ conversational: { role: 'USER', content: { text } } }] } },
    }),
  );
  await advance(15);
  const { jobs = [] } = await list();
  expect(jobs).toMatchObject([{ messages: { messagesList: [] }, sessionId: 'one' }]);
  await start(jobs[0]!.jobID);
  await emulator.close();
  const again = await useMemory({ dataFolder });
  // The first call opens the store.
  expect(await again.found(memoryId, 'Lisbon')).toEqual([]);
  await again.emulator.admin('/clock', { advanceSeconds: 15 });
  expect(await again.found(memoryId, 'Lisbon')).toEqual([
    { text: 'The user lives in Lisbon.', score: 1 },
  ]);
});

test('Deleting its events or its memory deletes a job.', async () => {
  const { say, advance, list, memoryId, control, data } = await useLimited();
  const { eventId } = await say(memoryId, 'x'.repeat(50));
  await advance(15);
  expect((await list()).jobs).toHaveLength(1);
  await data.send(new DeleteEventCommand({ memoryId, ...here, eventId }));
  expect((await list()).jobs).toEqual([]);
  await control.send(new DeleteMemoryCommand({ memoryId }));
  await expect(list()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('A caller without access to the actor of a job cannot start it.', async () => {
  const Condition = {
    StringEquals: { 'bedrock-agentcore:actorId': '${aws:PrincipalTag/TenantID}' },
  };
  const policy = allow({ Action: 'bedrock-agentcore:StartMemoryExtractionJob', Condition });
  const { say, advance, list, start, memoryId } = await useLimited({
    accessKeys: [{ id: 'test', secret: 'test' }],
    callers: [
      {
        ...tenant('test', policy, allow({ NotAction: 'bedrock-agentcore:Start*' })),
        tags: { TenantID: 'ana' },
      },
    ],
  });
  await say(memoryId, 'x'.repeat(50));
  await say(memoryId, 'x'.repeat(50), { actorId: 'bea' });
  await advance(15);
  const { jobs = [] } = await list();
  const jobIdOf = (actor: string) => jobs.find(({ actorId }) => actorId === actor)?.jobID;
  await start(jobIdOf('ana'));
  await expect(start(jobIdOf('bea'))).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('When an extractor throws, its messages become a failed job of the strategy.', async () => {
  let isBroken = true;
  const { operations, clock } = await useOpenMemory({
    name: 'broken',
    async extract(kind, transcript, known) {
      if (isBroken && kind === 'facts') throw new Error('no model answers');
      return builtInExtractor.extract(kind, transcript, known);
    },
  });
  const { memory } = await operations.CreateMemory.handle({
    name: 'Notes',
    eventExpiryDuration: 30,
    memoryStrategies: [facts, { summaryMemoryStrategy: { name: 'Summary' } }],
  });
  const memoryId = memory?.id;
  await operations.CreateEvent.handle({
    memoryId,
    ...here,
    eventTimestamp: new Date(BEGINNING),
    payload: [{ conversational: { role: 'USER', content: { text: 'I live in Lisbon.' } } }],
  });
  await clock.advance(15_000);
  const listJobs = async () =>
    (await operations.ListMemoryExtractionJobs.handle({ memoryId })).jobs;
  const jobs = await listJobs();
  expect(jobs).toMatchObject([{ failureReason: 'EXTRACTOR_FAILED: no model answers' }]);
  const everywhere = { memoryId, namespacePath: '/' };
  const { memoryRecordSummaries } = await operations.ListMemoryRecords.handle(everywhere);
  expect(memoryRecordSummaries).toHaveLength(1);
  isBroken = false;
  const extractionJob = { jobId: jobs?.[0]?.jobID };
  await operations.StartMemoryExtractionJob.handle({ memoryId, extractionJob });
  await clock.advance(15_000);
  expect(await listJobs()).toEqual([]);
  expect(
    (await operations.ListMemoryRecords.handle(everywhere)).memoryRecordSummaries,
  ).toHaveLength(2);
});
