import type {
  ListMemoryExtractionJobsInput,
  ListMemoryExtractionJobsOutput,
  StartMemoryExtractionJobInput,
  StartMemoryExtractionJobOutput,
} from '@aws-sdk/client-bedrock-agentcore';
import { notFound } from '../../../wire/errors.ts';
import { cutPage } from '../../../wire/paging.ts';
import type { Answers } from '../answers.ts';
import type { MemoryStore } from '../memoryStore.ts';
import { memoryPage } from '../memoryPage.ts';
import type { ExtractionScheduler } from './extractionScheduler.ts';
import type { ExtractionJob, ExtractionJobStore } from './jobStore.ts';
import { findMessageIndexes } from './eventMessages.ts';

/** The operations by which extractions that failed are seen and started again. */
export function createJobOperations({
  memories,
  jobs,
  extraction,
  answers,
}: {
  memories: Pick<MemoryStore, 'find'>;
  jobs: ExtractionJobStore;
  extraction: Pick<ExtractionScheduler, 'startAgain'>;
  answers: Answers;
}) {
  async function list(
    input: ListMemoryExtractionJobsInput,
  ): Promise<ListMemoryExtractionJobsOutput> {
    const { id } = memories.find(input.memoryId);
    const { strategyId, sessionId, actorId } = input.filter ?? {};
    const filter = { strategyId, sessionId, actorId };
    const { items, nextToken } = cutPage(
      `extraction jobs of ${id} ${JSON.stringify(filter)}`,
      memoryPage(input),
      (before, limit) => jobs.failed(id, filter, Number(before ?? Number.MAX_SAFE_INTEGER), limit),
      ({ number }) => String(number),
    );
    return {
      jobs: items.map((job) => ({
        jobID: job.id,
        messages: { messagesList: messagesOf(job) },
        status: 'FAILED' as const,
        failureReason: job.reason ?? undefined,
        strategyId: job.strategy,
        sessionId: job.session,
        actorId: job.actor,
      })),
      nextToken,
    };
  }

  /** Of what was ingested there are no events, and so no messages that could be named. */
  function messagesOf(job: ExtractionJob) {
    return jobs
      .parts(job)
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
    return answers.once('StartMemoryExtractionJob', { ...input, memoryId }, () =>
      startNow(input, memoryId),
    );
  }

  function startNow(
    input: StartMemoryExtractionJobInput,
    memoryId: string,
  ): StartMemoryExtractionJobOutput {
    const { jobId = '' } = input.extractionJob ?? {};
    const job = jobs.get(memoryId, jobId);
    if (!job) {
      throw notFound(
        `extractionJob.jobId: ${memoryId} has no failed job '${jobId}'; ListMemoryExtractionJobs has those that can be started`,
      );
    }
    extraction.startAgain(job);
    return { jobId };
  }

  return {
    ListMemoryExtractionJobs: { handle: list },
    StartMemoryExtractionJob: { handle: start },
  };
}
