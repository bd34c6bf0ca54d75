import {
  deadlines,
  isBusyWithoutTimestamp,
  acceptsRequests,
  type SessionLife,
} from './lifecycle.ts';
import type { PingAnswer } from './ping.ts';

/** Mistakes in `/ping` responses that only show when a session ends too early or too late. */
type Hazard = 'busy without timestamp' | 'advancing' | 'milliseconds' | 'ahead';

/** The pings of a session so far. Immutable: `checkPingContract` returns a new value. */
export interface PingHistory {
  readonly reported: readonly Hazard[];
  readonly last: PingAnswer | null;
  readonly lastActivityAt: number;
  /** Number of consecutive pings whose time advanced without any activity. */
  readonly advances: number;
}

/** The history of a session without pings. */
export const emptyPingHistory: PingHistory = {
  reported: [],
  last: null,
  lastActivityAt: 0,
  advances: 0,
};

/** Fewer advances may be short tasks that start and end between two pings. */
const REPORTED_ADVANCES = 3;

/** This is the year 5138 in seconds and 1973 in milliseconds. */
const TOO_LARGE_FOR_SECONDS = 1e11;

/** A container's clock may differ from the host's by some seconds. */
const CLOCK_TOLERANCE_MILLISECONDS = 60_000;

/** Checks a session's latest ping. Reports each hazard once per session. */
export function checkPingContract(
  history: PingHistory,
  life: SessionLife,
  realNow: number,
): { readonly history: PingHistory; readonly hazards: readonly string[] } {
  const { ping } = life;
  if (!acceptsRequests(life) || ping === null) return { history, hazards: [] };
  const advances = advancedWithoutActivity(history, life, ping) ? history.advances + 1 : 0;
  const found = (
    [
      ['busy without timestamp', describeBusyWithoutTimestamp(life)],
      ['advancing', advances < REPORTED_ADVANCES ? null : describeAdvancing(advances, life)],
      ['milliseconds', describeMilliseconds(ping)],
      ['ahead', describeAhead(ping, realNow)],
    ] as const
  ).filter(([hazard, message]) => message !== null && !history.reported.includes(hazard));
  return {
    history: {
      reported: [...history.reported, ...found.map(([hazard]) => hazard)],
      last: ping,
      lastActivityAt: life.lastActivityAt,
      advances,
    },
    hazards: found.flatMap(([, message]) => message ?? []),
  };
}

/** Explains an idle timeout of an agent that reported HealthyBusy; null for any other end. */
export function explainIdleEnd({ reason, ping }: SessionLife): string | null {
  if (reason !== 'idle-timeout' || !isBusyWithoutTimestamp(ping)) return null;
  return `The session timed out as idle although the agent reported HealthyBusy ${describeTime(ping)}. AWS does the same. ${FIX_BUSY}`;
}

const FIX_BUSY = 'Send time_of_last_update as whole Unix seconds.';

function describeBusyWithoutTimestamp(life: SessionLife): string | null {
  if (!isBusyWithoutTimestamp(life.ping)) return null;
  const { idle } = deadlines(life);
  const when =
    idle === null
      ? `${life.timeouts.idleTimeout / 1000} s after its last invocation`
      : `at ${new Date(idle).toISOString()}`;
  return `/ping returned HealthyBusy ${describeTime(life.ping)}. The session counts as idle and will time out ${when}, as in AWS. ${FIX_BUSY}`;
}

function describeTime({ timeOfLastUpdate: time }: PingAnswer): string {
  return time === null
    ? 'without time_of_last_update'
    : `with time_of_last_update ${time}, which is not a whole number`;
}

// Counts only between invocations, because an invocation may change the status twice.
function advancedWithoutActivity(
  { last, lastActivityAt }: PingHistory,
  life: SessionLife,
  ping: PingAnswer,
): boolean {
  return (
    life.requests === 0 &&
    life.lastActivityAt === lastActivityAt &&
    last?.status === ping.status &&
    typeof last.timeOfLastUpdate === 'number' &&
    typeof ping.timeOfLastUpdate === 'number' &&
    ping.timeOfLastUpdate > last.timeOfLastUpdate
  );
}

function describeAdvancing(advances: number, life: SessionLife): string {
  const end = new Date(deadlines(life).max).toISOString();
  return `The time_of_last_update of /ping advanced ${advances} times in a row without a change of status. The session never times out as idle and will run until ${end}, as in AWS. Send the time of the last change of status, not the time of the ping.`;
}

function describeMilliseconds({ timeOfLastUpdate: time }: PingAnswer): string | null {
  if (typeof time !== 'number' || time < TOO_LARGE_FOR_SECONDS) return null;
  return `/ping returned time_of_last_update ${time}, which is too large for seconds. Send whole Unix seconds (milliseconds divided by 1000).`;
}

function describeAhead({ timeOfLastUpdate: time }: PingAnswer, realNow: number): string | null {
  if (typeof time !== 'number' || time >= TOO_LARGE_FOR_SECONDS) return null;
  if (time * 1000 <= realNow + CLOCK_TOLERANCE_MILLISECONDS) return null;
  return `/ping returned time_of_last_update ${time}, which is in the future (${new Date(time * 1000).toISOString()}). Send the time of the last change of status in whole Unix seconds.`;
}
