import type { Lifecycle } from '../../shared/aws.ts';
import { NO_TIMELINE_FACTS, type SessionReading, type SessionRunState } from '../agents/session.ts';

/** AWS's session timeouts for a runtime that sets none. */
export const DEFAULT_LIFECYCLE: Lifecycle = { idleSeconds: 900, maxSeconds: 28_800 };

/** A session run as its caller observed it; times in milliseconds. */
export interface ObservedRun {
  readonly startedAt: number;
  /** Last activity of this caller. */
  readonly lastActivityAt: number;
  readonly isBusy: boolean;
  readonly isStopped: boolean;
}

/** The reason why a run must have ended by now; null if it may still be running. */
export function estimateEnd(
  { startedAt, lastActivityAt, isBusy, isStopped }: ObservedRun,
  { idleSeconds, maxSeconds }: Lifecycle,
  now: number,
): 'stopped' | 'idle-timeout' | 'max-lifetime' | null {
  if (isStopped) return 'stopped';
  if (isBusy) return null;
  const idleDeadline = lastActivityAt + idleSeconds * 1000;
  const maxDeadline = startedAt + maxSeconds * 1000;
  if (now < Math.min(idleDeadline, maxDeadline)) return null;
  return maxDeadline <= idleDeadline ? 'max-lifetime' : 'idle-timeout';
}

/** Estimates a session in AWS, which reports no session state, from the caller's own turns. */
export function estimateSession(
  runs: readonly ObservedRun[],
  settings: Lifecycle | null,
  now: number,
): SessionReading {
  const lifecycle = settings ?? DEFAULT_LIFECYCLE;
  return {
    runs: runs.map((run): SessionRunState => {
      const reason = estimateEnd(run, lifecycle, now);
      const idleDeadline = new Date(run.lastActivityAt + lifecycle.idleSeconds * 1000);
      return {
        state: reason !== null ? 'terminated' : run.isBusy ? 'active' : 'idle',
        reason,
        startedAt: new Date(run.startedAt).toISOString(),
        startDeadline: null,
        idleDeadline: run.isBusy ? null : idleDeadline.toISOString(),
        maxDeadline: new Date(run.startedAt + lifecycle.maxSeconds * 1000).toISOString(),
      };
    }),
    offsetSeconds: 0,
    logTail: null,
    facts: NO_TIMELINE_FACTS,
    servers: null,
    estimateBasis: settings === null ? 'defaults' : 'settings',
  };
}
