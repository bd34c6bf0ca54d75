import type { Opening, Reckoning, SessionStatus } from '../../../shared/chat/session.ts';
import type { SessionSummary } from '../../../shared/session.ts';
import type { Told } from './told.ts';

/** A machine, as far as a chat needs to know it. */
export type Life = Pick<
  SessionSummary,
  'state' | 'reason' | 'startedAt' | 'startDeadline' | 'idleDeadline' | 'maxDeadline'
>;

/** What is known of a session at one moment. */
export interface SessionReading {
  /** Each machine that it has had, oldest first. */
  readonly lives: readonly Life[];
  /** By how much the time in there is ahead of real time. */
  readonly offsetSeconds: number;
  /** What the last of them printed last, while it starts and when it has failed. */
  readonly logTail: string | null;
  /** What its timeline tells. */
  readonly told: Told;
  /** By what it is only reckoned; absent where whoever runs it tells. */
  readonly reckonedBy?: Reckoning['by'];
}

/**
 * What a view shows of a session. `life` is when the machine started that answered last, by which
 * machines are told apart: it is null as long as none has answered in this session.
 */
export function statusOf(reading: SessionReading | null, life: string | null): SessionStatus {
  if (reading === null) return { state: 'unknown' };
  const last = reading.lives.at(-1);
  if (!last) {
    // An emulator knows the sessions since its start.
    if (life !== null) return { state: 'ended', reason: 'emulator-closed', logTail: null };
    return { state: 'none' };
  }
  const { brokenCode, note } = reading.told;
  const { reckonedBy: by, offsetSeconds } = reading;
  const maxEndsAt = inRealTime(last.maxDeadline, offsetSeconds);
  const reckoned = by && { reckoned: { by, maxEndsAt } };
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
        ...reckoned,
      };
    case 'terminating':
      return { state: 'ending' };
    case 'terminated':
      return { state: 'ended', reason: last.reason!, logTail: reading.logTail, ...reckoned };
  }
}

/** Why the next turn, or the one that runs, meets another machine than the turn before; null where it does not. */
export function openingOf(reading: SessionReading | null, life: string | null): Opening | null {
  if (reading === null || life === null) return null;
  const own = reading.lives.find(({ startedAt }) => startedAt === life);
  if (!own) return { why: 'emulator-closed' };
  if (own.reason === null) return null;
  const isReckoned = reading.reckonedBy !== undefined && own.reason !== 'stopped';
  return { why: own.reason, ...(isReckoned && { isReckoned }) };
}

/** Whichever comes first, in real time. */
function endOf({ idleDeadline, maxDeadline }: Life, offsetSeconds: number) {
  const limit =
    idleDeadline !== null && idleDeadline < maxDeadline
      ? ({ reason: 'idle-timeout', at: idleDeadline } as const)
      : ({ reason: 'max-lifetime', at: maxDeadline } as const);
  return { endsAt: inRealTime(limit.at, offsetSeconds), limit: limit.reason };
}

function inRealTime(time: string, offsetSeconds: number): string {
  return new Date(Date.parse(time) - offsetSeconds * 1000).toISOString();
}
