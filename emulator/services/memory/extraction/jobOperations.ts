import type {
  ListMemoryExtractionJobsInput,
  ListMemoryExtractionJobsOutput,
  StartMemoryExtractionJobInput,
  StartMemoryExtractionJobOutput,
} from '@aws-sdk/client-bedrock-agentcore';
import { notFound } from '../../../wire/errors.ts';
import { readPage } from '../../../wire/paging.ts';
import type { StoredReplies } from '../storedReplies.ts';
import type { MemoryStore } from '../memoryStore.ts';
import { memoryPage } from '../memoryPage.ts';
import type { ExtractionScheduler } from './extractionScheduler.ts';
import type { ExtractionJob, ExtractionJobStore } from './jobStore.ts';
import { findMessageIndexes } from './eventMessages.ts';

/** Creates the operations that list and restart failed extraction jobs. */
export function createJobOperations({
  memories,
  jobs,
  extraction,
  replies,
}: {
  memories: Pick<MemoryStore, 'find'>;
  jobs: ExtractionJobStore;
  extraction: Pick<ExtractionScheduler, 'restartJob'>;
  replies: StoredReplies;
}) {
  async function list(
    input: ListMemoryExtractionJobsInput,
  ): Promise<ListMemoryExtractionJobsOutput> {
    const { id } = memories.find(input.memoryId);
    const { strategyId, sessionId, actorId } = input.filter ?? {};
    const filter = { strategyId, sessionId, actorId };
    const { items, nextToken } = readPage(
      `extraction jobs of ${id} ${JSON.stringify(filter)}`,
      memoryPage(input),
      (before, limit) =>
        jobs.listFailed(id, filter, Number(before ?? Number.MAX_SAFE_INTEGER), limit),
      ({ number }) => String(number),
    );
    return {
      jobs: items.map((job) => ({
        jobID: job.id,
        messages: { messagesList: listMessages(job) },
        status: 'FAILED' as const,
        failureReason: job.reason ?? undefined,
        strategyId: job.strategy,
        sessionId: job.session,
        actorId: job.actor,
      })),
      nextToken,
    };
  }

  /** Returns references to the messages of a job. Ingested content has no events to refer to. */
  function listMessages(job: ExtractionJob) {
    return jobs
      .listParts(job)
      .flatMap(({ eventId, payload }) =>
        eventId === null
          ? []
          : findMessageIndexes(payload).map((messageIndex) => ({ eventId, messageIndex })),
      );
  }

  async function start(
    input: StartMemoryExtractionJobInput,
  ): Promise<StartMemoryExtractionJobOutput> {
    const { id: memoryId } = memories.find(input.memoryId);
    return replies.once('StartMemoryExtractionJob', { ...input, memoryId }, () =>
      startJob(input, memoryId),
    );
  }

  function startJob(
    input: StartMemoryExtractionJobInput,
    memoryId: string,
  ): StartMemoryExtractionJobOutput {
    const { jobId = '' } = input.extractionJob ?? {};
    const job = jobs.get(memoryId, jobId);
    if (!job) {
      throw notFound(
        `extractionJob.jobId: failed job '${jobId}' does not exist in ${memoryId}. ListMemoryExtractionJobs lists the jobs that can be started.`,
      );
    }
    extraction.restartJob(job);
    return { jobId };
  }

  return {
    ListMemoryExtractionJobs: { handle: list },
    StartMemoryExtractionJob: { handle: start },
  };
}
