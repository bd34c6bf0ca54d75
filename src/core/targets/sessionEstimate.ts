import type { Lifecycle } from '../../shared/targets.ts';
import type { SessionRunState, SessionReading } from '../chat/session/reading.ts';
import { NO_TIMELINE_FACTS } from '../chat/session/told.ts';

/** AWS's own, for a runtime that sets nothing else. */
export const DEFAULT_LIFECYCLE: Lifecycle = { idleSeconds: 900, maxSeconds: 28_800 };

/** A machine, by what one has seen of it oneself; times in milliseconds. */
export interface ObservedRun {
  readonly startedAt: number;
  /** When something of ours last happened there. */
  readonly lastActivityAt: number;
  readonly isBusy: boolean;
  readonly isStopped: boolean;
}

/** Why a machine must be gone by now; null where it may be there. */
export function estimateEnd(
  { startedAt, lastActivityAt, isBusy, isStopped }: ObservedRun,
  { idleSeconds, maxSeconds }: Lifecycle,
  now: number,
): 'stopped' | 'idle-timeout' | 'max-lifetime' | null {
  if (isStopped) return 'stopped';
  if (isBusy) return null;
  const [idle, max] = [lastActivityAt + idleSeconds * 1000, startedAt + maxSeconds * 1000];
  if (now < Math.min(idle, max)) return null;
  return max <= idle ? 'max-lifetime' : 'idle-timeout';
}

/** What of a session in AWS, which tells no session's state, follows from one's own turns. */
export function estimateSession(
  lives: readonly ObservedRun[],
  settings: Lifecycle | null,
  now: number,
): SessionReading {
  const lifecycle = settings ?? DEFAULT_LIFECYCLE;
  return {
    runs: lives.map((life): SessionRunState => {
      const reason = estimateEnd(life, lifecycle, now);
      const idleDeadline = new Date(
        life.lastActivityAt + lifecycle.idleSeconds * 1000,
      ).toISOString();
      return {
        state: reason !== null ? 'terminated' : life.isBusy ? 'active' : 'idle',
        reason,
        startedAt: new Date(life.startedAt).toISOString(),
        startDeadline: null,
        idleDeadline: life.isBusy ? null : idleDeadline,
        maxDeadline: new Date(life.startedAt + lifecycle.maxSeconds * 1000).toISOString(),
      };
    }),
    offsetSeconds: 0,
    logTail: null,
    facts: NO_TIMELINE_FACTS,
    estimateBasis: settings === null ? 'defaults' : 'settings',
  };
}
