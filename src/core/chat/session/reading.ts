import type { Opening, SessionEstimate, SessionStatus } from '../../../shared/chat/session.ts';
import type { SessionSummary } from '../../../shared/session.ts';
import type { TimelineFacts } from './told.ts';

/** A machine, as far as a chat needs to know it. */
export type SessionRunState = Pick<
  SessionSummary,
  'state' | 'reason' | 'startedAt' | 'startDeadline' | 'idleDeadline' | 'maxDeadline'
>;

/** What is known of a session at one moment. */
export interface SessionReading {
  /** Each machine that it has had, oldest first. */
  readonly runs: readonly SessionRunState[];
  /** By how much the time in there is ahead of real time. */
  readonly offsetSeconds: number;
  /** What the last of them printed last, while it starts and when it has failed. */
  readonly logTail: string | null;
  /** What its timeline tells. */
  readonly facts: TimelineFacts;
  /** By what it is only reckoned; absent where whoever runs it tells. */
  readonly estimateBasis?: SessionEstimate['basis'];
}

/**
 * What a view shows of a session. `life` is when the machine started that answered last, by which
 * machines are told apart: it is null as long as none has answered in this session.
 */
export function statusOf(reading: SessionReading | null, life: string | null): SessionStatus {
  if (reading === null) return { state: 'unknown' };
  const last = reading.runs.at(-1);
  if (!last) {
    // An emulator knows the sessions since its start.
    if (life !== null) return { state: 'ended', reason: 'emulator-closed', logTail: null };
    return { state: 'none' };
  }
  const { brokenCode, note } = reading.facts;
  const { estimateBasis: basis, offsetSeconds } = reading;
  const maxEndsAt = inRealTime(last.maxDeadline, offsetSeconds);
  const estimate = basis && { estimate: { basis, maxEndsAt } };
  switch (last.state) {
    case 'starting': {
      const { startDeadline: by } = last;
      const readyBy = by === null ? null : inRealTime(by, reading.offsetSeconds);
      return {
        state: 'starting',
        start: { readyBy, warning: note, printed: reading.logTail },
      };
    }
    case 'active':
      return { state: 'active', ...(brokenCode && { brokenCode }) };
    case 'idle':
      return {
        state: 'idle',
        ...endOf(last, offsetSeconds),
        ...(brokenCode && { brokenCode }),
        ...estimate,
      };
    case 'terminating':
      return { state: 'ending' };
    case 'terminated':
      return { state: 'ended', reason: last.reason!, logTail: reading.logTail, ...estimate };
  }
}

/** Why the next turn, or the one that runs, meets another machine than the turn before; null where it does not. */
export function openingOf(reading: SessionReading | null, life: string | null): Opening | null {
  if (reading === null || life === null) return null;
  const own = reading.runs.find(({ startedAt }) => startedAt === life);
  if (!own) return { why: 'emulator-closed' };
  if (own.reason === null) return null;
  const isEstimated = reading.estimateBasis !== undefined && own.reason !== 'stopped';
  return { why: own.reason, ...(isEstimated && { isEstimated }) };
}

/** Whichever comes first, in real time. */
function endOf({ idleDeadline, maxDeadline }: SessionRunState, offsetSeconds: number) {
  const limit =
    idleDeadline !== null && idleDeadline < maxDeadline
      ? ({ reason: 'idle-timeout', at: idleDeadline } as const)
      : ({ reason: 'max-lifetime', at: maxDeadline } as const);
  return { endsAt: inRealTime(limit.at, offsetSeconds), limit: limit.reason };
}

function inRealTime(time: string, offsetSeconds: number): string {
  return new Date(Date.parse(time) - offsetSeconds * 1000).toISOString();
}
