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

/** Maximum wait of a session that never pauses, unless the delay is longer. */
const LONGEST_WAIT_MILLISECONDS = 60_000;

/** Extracts records in the background, at times of the clock. */
export interface ExtractionScheduler {
  /** Schedules the extraction of pending content of a session. */
  scheduleSession(location: EventSession): void;
  /** Retries a failed job and the earlier failed jobs of its session and strategy. */
  restartJob(job: ExtractionJob): void;
  /** Runs `work` while no extraction runs. */
  runPaused<T>(work: () => Promise<T>): Promise<T>;
  /** Waits for the running extraction. Pending content stays pending. */
  close(): Promise<void>;
}

/** Creates a scheduler. Resumes the work that an earlier run of the emulator left pending. */
export function createExtractionScheduler({
  memories,
  queue,
  jobs,
  runner,
  clock,
  delay,
  atomically,
  report,
}: {
  memories: Pick<MemoryStore, 'find' | 'get'>;
  queue: ExtractionQueue;
  jobs: ExtractionJobStore;
  runner: ExtractionRunner;
  clock: Clock;
  /** Milliseconds without a new event after which a session is extracted. */
  delay: number;
  atomically: <T>(work: () => T) => T;
  /** Receives errors of background work. */
  report: (error: unknown) => void;
}): ExtractionScheduler {
  const waiting = new Map<string, { readonly since: number; readonly cancel: Cancel }>();
  /** Aborted by `close`. Work that fails afterwards stays pending. */
  const closing = new AbortController();
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
        // Content that cannot be saved stays pending until the session's next event or the next start.
        return enqueue(() => extract({ memory, actor, session }));
      }),
    });
  }

  async function extract(location: EventSession): Promise<void> {
    for (;;) {
      const portion = queue.nextPortion(location);
      if (portion.length === 0) return;
      if (closing.signal.aborted) return;
      const groups = Map.groupBy(portion, ({ variables }) => variables);
      for (const [variables, pending] of groups) {
        await extractFrom(location, pending, variables);
      }
      await nextTurn();
    }
  }

  async function extractFrom(
    location: EventSession,
    pending: readonly PendingEvent[],
    variables: string,
  ): Promise<void> {
    const { memory } = location;
    const { signal } = closing;
    const withMessages = pending.map((part) => ({ ...part, messages: readMessages(part) }));
    const runs = memories.find(memory).strategies.flatMap((strategy) =>
      groupByLabels(strategy, withMessages).map(async ({ labels, parts }) => {
        const messages = parts.flatMap((part) => part.messages);
        const options = { variables: readVariables(variables), labels, isRestart: false, signal };
        return {
          parts,
          outcome: await runner.run({
            location,
            strategy,
            messages,
            ...options,
          }),
        };
      }),
    );
    const results = await Promise.all(runs);
    if (signal.aborted && results.some(({ outcome }) => outcome && 'failure' in outcome)) return;
    atomically(() => {
      // The events may have been deleted in the meantime.
      if (!queue.remove(pending)) return;
      for (const { parts, outcome } of results) {
        if (outcome === null) continue;
        if ('namespace' in outcome) runner.save(memory, outcome);
        else {
          const { strategy, failure: reason } = outcome;
          jobs.add({ ...location, strategy, variables, reason }, parts);
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
      jobs.markFailed(job, `STRATEGY_DELETED: the memory no longer has strategy ${job.strategy}`);
      return;
    }
    const parts = jobs.listParts(job);
    const messages = parts.flatMap(readMessages);
    const outcome =
      messages.length > 0
        ? await runner.run({
            location: { memory, actor, session },
            strategy,
            messages,
            variables: readVariables(job.variables),
            // All parts of a job have the same labels.
            labels: readLabels(strategy, parts[0]?.metadata ?? null),
            isRestart: true,
            signal: closing.signal,
          })
        : null;
    if (closing.signal.aborted && outcome && 'failure' in outcome) return;
    atomically(() => {
      if (outcome && 'failure' in outcome) jobs.markFailed(job, outcome.failure);
      // The job may have been deleted with its memory in the meantime.
      else if (jobs.remove(job) && outcome) runner.save(memory, outcome);
    });
  }

  function scheduleJob(job: ExtractionJob): void {
    const cancel = clock.at(clock.now() + delay, () => {
      startedJobs.delete(cancel);
      return enqueue(() => extractAgain(job));
    });
    startedJobs.add(cancel);
  }

  /** Runs extractions one after another, because sessions of an actor share namespaces. */
  function enqueue(extracting: () => Promise<void>): Promise<void> {
    running = running.then(extracting).catch(report);
    return running;
  }

  for (const job of jobs.listRestarted()) scheduleJob(job);
  const startedAt = clock.now();
  for (const { first, last, ...location } of queue.listSessions()) {
    // After a reset of the clock, earlier content has times in the future.
    schedule(location, Math.min(first, startedAt), Math.min(last, startedAt));
  }

  return {
    scheduleSession(location) {
      const now = clock.now();
      schedule(location, now, now);
    },
    restartJob(job) {
      for (const restarted of jobs.restart(job)) scheduleJob(restarted);
    },
    runPaused(work) {
      const results = running.then(work);
      running = results.then(
        () => {},
        () => {},
      );
      return results;
    },
    async close() {
      closing.abort(new Error('The emulator is closing.'));
      for (const { cancel } of waiting.values()) cancel();
      for (const cancel of startedJobs) cancel();
      await running;
    },
  };
}

const readVariables = (json: string) => JSON.parse(json) as NamespaceVariables;
