import type { Lifecycle } from '../../shared/aws.ts';
import type { ChatActivity, SessionReading } from '../agents/session.ts';
import {
  DEFAULT_LIFECYCLE,
  estimateEnd,
  estimateSession,
  type ObservedRun,
} from './sessionEstimate.ts';

/** A session whose state is estimated because the service does not report it. */
export interface EstimatedSession {
  /** This program stopped the session. */
  markStopped(): void;
  /** Estimates again, because the lifecycle is known now. */
  refresh(): void;
  close(): void;
}

/** Inputs of an estimate. */
export interface EstimatedSessionOptions {
  readonly activity: ChatActivity;
  readonly now: () => number;
  /** Null if it is unknown; AWS's defaults are assumed then. */
  readonly lifecycle: () => Lifecycle | null;
  readonly onReading: (reading: SessionReading) => void;
}

/** Longest delay of a Node timer. After that, the estimate is made again. */
const MAX_DELAY = 2 ** 31 - 1;

/** Estimates a session from the turns of one chat. */
export function createEstimatedSession(options: EstimatedSessionOptions): EstimatedSession {
  const { activity, now, lifecycle, onReading } = options;
  let runs = firstRuns(activity);
  /** Restored if the service refuses a turn. */
  let runsBeforeTurn = runs;
  let timer: NodeJS.Timeout | undefined;

  function updateLast(change: Partial<ObservedRun>): void {
    const last = runs.at(-1);
    if (last) runs = [...runs.slice(0, -1), { ...last, ...change }];
    report();
  }

  function report(): void {
    const reading = estimateSession(runs, lifecycle(), now());
    clearTimeout(timer);
    const { state, idleDeadline, maxDeadline } = reading.runs.at(-1) ?? {};
    if (state === 'idle') {
      const deadline = Math.min(Date.parse(idleDeadline!), Date.parse(maxDeadline!));
      timer = setTimeout(report, Math.min(deadline - now() + 1, MAX_DELAY)).unref();
    }
    onReading(reading);
  }

  activity.onTurn((phase) => {
    const at = now();
    const last = runs.at(-1);
    switch (phase) {
      case 'beforeTurn':
        return report();
      case 'started':
        runsBeforeTurn = runs;
        if (!last || estimateEnd(last, lifecycle() ?? DEFAULT_LIFECYCLE, at) !== null) {
          runs = [...runs, { startedAt: at, lastActivityAt: at, isBusy: true, isStopped: false }];
        }
        return updateLast({ isBusy: true, lastActivityAt: at });
      case 'ended':
        return updateLast({ isBusy: false, lastActivityAt: at });
      case 'refused':
        runs = runsBeforeTurn;
        return report();
    }
  });
  report();

  return {
    markStopped: () => updateLast({ isStopped: true, isBusy: false }),
    refresh: report,
    close: () => clearTimeout(timer),
  };
}

function firstRuns({ runStartedAt, lastActivityAt }: ChatActivity): readonly ObservedRun[] {
  if (runStartedAt === null) return [];
  const startedAt = Date.parse(runStartedAt);
  const last = lastActivityAt ?? startedAt;
  return [{ startedAt, lastActivityAt: last, isBusy: false, isStopped: false }];
}
