import type { Opening, SessionStatus } from '../../../shared/chat/session.ts';
import type { SessionReading, SessionRunState } from '../../agents/session.ts';

/**
 * The status that a view shows. `runStartedAt` identifies the run that answered last by its start;
 * it is null before the first answer in this session.
 */
export function toSessionStatus(
  reading: SessionReading | null,
  runStartedAt: string | null,
): SessionStatus {
  if (reading === null) return { state: 'unknown' };
  const last = reading.runs.at(-1);
  if (!last) {
    // An emulator has no sessions from before its start.
    if (runStartedAt !== null) return { state: 'ended', reason: 'emulator-closed', logTail: null };
    return { state: 'none' };
  }
  const { brokenCode, note } = reading.facts;
  const { estimateBasis: basis, offsetSeconds } = reading;
  const maxEndsAt = toRealTime(last.maxDeadline, offsetSeconds);
  const servers = reading.servers && { servers: reading.servers };
  const estimate = basis && { estimate: { basis, maxEndsAt } };
  switch (last.state) {
    case 'starting': {
      const { startDeadline: limit } = last;
      const deadline = limit && { ...limit, at: toRealTime(limit.at, offsetSeconds) };
      return {
        state: 'starting',
        start: { deadline, warning: note, printed: reading.logTail },
      };
    }
    case 'active':
      return { state: 'active', ...(brokenCode && { brokenCode }), ...servers };
    case 'idle':
      return {
        state: 'idle',
        ...findEarlierEnd(last, offsetSeconds),
        ...(brokenCode && { brokenCode }),
        ...servers,
        ...estimate,
      };
    case 'terminating':
      return { state: 'ending' };
    case 'terminated':
      return { state: 'ended', reason: last.reason!, logTail: reading.logTail, ...estimate };
  }
}

/** Why the next or running turn has another run than the turn before; null if it has the same. */
export function findOpening(
  reading: SessionReading | null,
  runStartedAt: string | null,
): Opening | null {
  if (reading === null || runStartedAt === null) return null;
  const own = reading.runs.find(({ startedAt }) => startedAt === runStartedAt);
  if (!own) return { why: 'emulator-closed' };
  if (own.reason === null) return null;
  const isEstimated = reading.estimateBasis !== undefined && own.reason !== 'stopped';
  return { why: own.reason, ...(isEstimated && { isEstimated }) };
}

/** The earlier deadline, in real time. */
function findEarlierEnd({ idleDeadline, maxDeadline }: SessionRunState, offsetSeconds: number) {
  const limit =
    idleDeadline !== null && idleDeadline < maxDeadline
      ? ({ reason: 'idle-timeout', at: idleDeadline } as const)
      : ({ reason: 'max-lifetime', at: maxDeadline } as const);
  return { endsAt: toRealTime(limit.at, offsetSeconds), limit: limit.reason };
}

function toRealTime(time: string, offsetSeconds: number): string {
  return new Date(Date.parse(time) - offsetSeconds * 1000).toISOString();
}
