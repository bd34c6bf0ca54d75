import {
  deadlines,
  isBusyWithoutTimestamp,
  acceptsRequests,
  type SessionLife,
} from './lifecycle.ts';
import type { PingAnswer } from './ping.ts';

/** Mistakes in answers to `/ping` that nobody sees until a session lives too short or too long. */
type Hazard = 'busy in vain' | 'advancing' | 'milliseconds' | 'ahead';

/** What a session's pings have shown so far. A value: `watchPing` makes a new one. */
export interface PingHistory {
  readonly reported: readonly Hazard[];
  readonly last: PingAnswer | null;
  readonly lastActivityAt: number;
  /** How many pings in a row had a later time than the one before, and nothing to show for it. */
  readonly advances: number;
}

/** A session that has not been pinged yet. */
export const emptyPingHistory: PingHistory = {
  reported: [],
  last: null,
  lastActivityAt: 0,
  advances: 0,
};

/** So many could be chance: short tasks that come and go between two pings. */
const REPORTED_ADVANCES = 3;

/** As seconds this is the year 5138, as milliseconds 1973. */
const TOO_LARGE_FOR_SECONDS = 1e11;

/** A container's clock may be some seconds ahead of its host's. */
const CLOCK_TOLERANCE_MILLISECONDS = 60_000;

/** Looks at the ping that a life was just given; each hazard is told once in a session. */
export function checkPingContract(
  watch: PingHistory,
  life: SessionLife,
  realNow: number,
): { readonly watch: PingHistory; readonly hazards: readonly string[] } {
  const { ping } = life;
  if (!acceptsRequests(life) || ping === null) return { watch, hazards: [] };
  const advances = advancedWithoutActivity(watch, life, ping) ? watch.advances + 1 : 0;
  const found = (
    [
      ['busy in vain', describeBusyWithoutTimestamp(life)],
      ['advancing', advances < REPORTED_ADVANCES ? null : describeAdvancing(advances, life)],
      ['milliseconds', describeMilliseconds(ping)],
      ['ahead', describeAhead(ping, realNow)],
    ] as const
  ).filter(([hazard, words]) => words !== null && !watch.reported.includes(hazard));
  return {
    watch: {
      reported: [...watch.reported, ...found.map(([hazard]) => hazard)],
      last: ping,
      lastActivityAt: life.lastActivityAt,
      advances,
    },
    hazards: found.flatMap(([, words]) => words ?? []),
  };
}

/** Why an idle end was a surprise to an agent that said it was busy; null where it was none. */
export function explainIdleEnd({ reason, ping }: SessionLife): string | null {
  if (reason !== 'idle-timeout' || !isBusyWithoutTimestamp(ping)) return null;
  return `it was killed as idle while its agent said HealthyBusy ${describeTime(ping)}, as AWS kills it; ${FIX_BUSY}`;
}

const FIX_BUSY = 'send time_of_last_update as whole Unix seconds';

function describeBusyWithoutTimestamp(life: SessionLife): string | null {
  if (!isBusyWithoutTimestamp(life.ping)) return null;
  const { idle } = deadlines(life);
  const when =
    idle === null
      ? `${life.timeouts.idleTimeout / 1000} s after its last invocation`
      : `at ${new Date(idle).toISOString()}`;
  return `/ping says HealthyBusy ${describeTime(life.ping)}: the session counts as idle and will be killed ${when}, as AWS kills it; ${FIX_BUSY}`;
}

function describeTime({ timeOfLastUpdate: time }: PingAnswer): string {
  return time === null
    ? 'without time_of_last_update'
    : `with ${time} for time_of_last_update, which is no whole number`;
}

// Between two invocations only: what they do to an agent's status comes and goes with them.
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
  return `the time_of_last_update of /ping has advanced ${advances} times in a row without a change of status: the session is never killed as idle and will run until ${end}, as in AWS; send the time of the last change of status, not that of the ping`;
}

function describeMilliseconds({ timeOfLastUpdate: time }: PingAnswer): string | null {
  if (typeof time !== 'number' || time < TOO_LARGE_FOR_SECONDS) return null;
  return `/ping says ${time} for time_of_last_update, which is too large for seconds; send whole Unix seconds (milliseconds divided by 1000)`;
}

function describeAhead({ timeOfLastUpdate: time }: PingAnswer, realNow: number): string | null {
  if (typeof time !== 'number' || time >= TOO_LARGE_FOR_SECONDS) return null;
  if (time * 1000 <= realNow + CLOCK_TOLERANCE_MILLISECONDS) return null;
  return `/ping says ${time} for time_of_last_update, which is still to come (${new Date(time * 1000).toISOString()}); send the time of the last change of status, in whole Unix seconds`;
}
