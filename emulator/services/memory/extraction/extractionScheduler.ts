import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Cancel, Clock } from '../../../clock.ts';
import type { EventSession } from '../eventSession.ts';
import type { MemoryStore } from '../memoryStore.ts';
import type { ExtractionRunner } from './extractionRunner.ts';
import type { ExtractionJob, ExtractionJobStore } from './jobStore.ts';
import { groupByLabels, readLabels } from './labels.ts';
import type { ExtractionQueue, PendingEvent } from './extractionQueue.ts';
import type { NamespaceVariables } from './namespace.ts';
import { readMessages } from './eventMessages.ts';

/** A session in which something is always being said does not wait longer than this, or one delay. */
const LONGEST_WAIT_MILLISECONDS = 60_000;

/** Makes records of events in the background, when the clock says so. */
export interface ExtractionScheduler {
  /** An event of this session is to be extracted. */
  expect(conversation: EventSession): void;
  /** A job that failed is to be extracted after all, and what failed before it. */
  startAgain(job: ExtractionJob): void;
  /** Does something while nothing is being extracted, and extracts nothing until it is done. */
  pauseFor<T>(work: () => Promise<T>): Promise<T>;
  /** Waits for what is being written; what is pending stays so. */
  close(): Promise<void>;
}

/** Takes up what an earlier run of the emulator left, and all that is to come. */
export function createExtractionScheduler({
  memories,
  ledger,
  jobs,
  attempts,
  clock,
  delay,
  atomically,
  report,
}: {
  memories: Pick<MemoryStore, 'find' | 'get'>;
  ledger: ExtractionQueue;
  jobs: ExtractionJobStore;
  attempts: ExtractionRunner;
  clock: Clock;
  /** A session's turns are read together, once nothing has been added to them for so many milliseconds. */
  delay: number;
  atomically: <T>(work: () => T) => T;
  /** Is told what went wrong in the background. */
  report: (error: unknown) => void;
}): ExtractionScheduler {
  const waiting = new Map<string, { readonly since: number; readonly cancel: Cancel }>();
  const startedJobs = new Set<Cancel>();
  let running: Promise<void> = Promise.resolve();

  function schedule({ memory, actor, session }: EventSession, first: number, last: number): void {
    const key = JSON.stringify([memory, actor, session]);
    const { since = first, cancel } = waiting.get(key) ?? {};
    cancel?.();
    const time = Math.min(last + delay, since + Math.max(delay, LONGEST_WAIT_MILLISECONDS));
    waiting.set(key, {
      since,
      cancel: clock.at(time, () => {
        waiting.delete(key);
        // What cannot be kept stays pending until the session's next event, or the emulator's next start.
        return inTurn(() => extract({ memory, actor, session }));
      }),
    });
  }

  async function extract(conversation: EventSession): Promise<void> {
    for (;;) {
      const portion = ledger.pending(conversation);
      if (portion.length === 0) return;
      const groups = Map.groupBy(portion, ({ variables }) => variables);
      for (const [variables, pending] of groups) {
        await extractFrom(conversation, pending, variables);
      }
      await nextTurn();
    }
  }

  async function extractFrom(
    conversation: EventSession,
    pending: readonly PendingEvent[],
    variables: string,
  ): Promise<void> {
    const { memory } = conversation;
    const read = pending.map((part) => ({ ...part, turns: readMessages(part) }));
    const attempted = memories.find(memory).strategies.flatMap((strategy) =>
      groupByLabels(strategy, read).map(async ({ labels, parts }) => {
        const turns = parts.flatMap((part) => part.turns);
        const given = { variables: readVariables(variables), labels, isStarted: false };
        return { parts, outcome: await attempts.make({ conversation, strategy, turns, ...given }) };
      }),
    );
    const done = await Promise.all(attempted);
    atomically(() => {
      // They may have been deleted meanwhile, with their memory or without.
      if (!ledger.settle(pending)) return;
      for (const { parts, outcome } of done) {
        if (outcome === null) continue;
        if ('namespace' in outcome) attempts.keep(memory, outcome);
        else {
          const { strategy, failure: reason } = outcome;
          jobs.add({ ...conversation, strategy, variables, reason }, parts);
        }
      }
    });
  }

  async function extractAgain(job: ExtractionJob): Promise<void> {
    const { memory, actor, session } = job;
    const strategy = memories
      .get(memory)
      ?.strategies.find(({ strategyId }) => strategyId === job.strategy);
    if (!strategy) {
      jobs.fail(job, `STRATEGY_DELETED: the memory has no strategy ${job.strategy} any more`);
      return;
    }
    const parts = jobs.parts(job);
    const turns = parts.flatMap(readMessages);
    const outcome =
      turns.length > 0
        ? await attempts.make({
            conversation: { memory, actor, session },
            strategy,
            turns,
            variables: readVariables(job.variables),
            // Of a job all have the same.
            labels: readLabels(strategy, parts[0]?.metadata ?? null),
            isStarted: true,
          })
        : null;
    atomically(() => {
      if (outcome && 'failure' in outcome) jobs.fail(job, outcome.failure);
      // It may have been deleted meanwhile, with its memory.
      else if (jobs.remove(job) && outcome) attempts.keep(memory, outcome);
    });
  }

  function scheduleJob(job: ExtractionJob): void {
    const cancel = clock.at(clock.now() + delay, () => {
      startedJobs.delete(cancel);
      return inTurn(() => extractAgain(job));
    });
    startedJobs.add(cancel);
  }

  /** One after the other: sessions of an actor share namespaces, where the last word counts. */
  function inTurn(extracting: () => Promise<void>): Promise<void> {
    running = running.then(extracting).catch(report);
    return running;
  }

  for (const job of jobs.started()) scheduleJob(job);
  const startedAt = clock.now();
  for (const { first, last, ...conversation } of ledger.sessions()) {
    // After a reset of the clock, turns that were added before it lie in the future.
    schedule(conversation, Math.min(first, startedAt), Math.min(last, startedAt));
  }

  return {
    expect(conversation) {
      const now = clock.now();
      schedule(conversation, now, now);
    },
    startAgain(job) {
      for (const started of jobs.start(job)) scheduleJob(started);
    },
    pauseFor(work) {
      const done = running.then(work);
      running = done.then(
        () => {},
        () => {},
      );
      return done;
    },
    async close() {
      for (const { cancel } of waiting.values()) cancel();
      for (const cancel of startedJobs) cancel();
      await running;
    },
  };
}

const readVariables = (json: string) => JSON.parse(json) as NamespaceVariables;
