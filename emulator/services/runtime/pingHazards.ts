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
  readonly told: readonly Hazard[];
  readonly last: PingAnswer | null;
  readonly lastActivityAt: number;
  /** How many pings in a row had a later time than the one before, and nothing to show for it. */
  readonly advances: number;
}

/** A session that has not been pinged yet. */
export const emptyPingHistory: PingHistory = {
  told: [],
  last: null,
  lastActivityAt: 0,
  advances: 0,
};

/** So many could be chance: short tasks that come and go between two pings. */
const ADVANCES_TO_TELL = 3;

/** As seconds this is the year 5138, as milliseconds 1973. */
const TOO_LARGE_FOR_SECONDS = 1e11;

/** A container's clock may be some seconds ahead of its host's. */
const CLOCKS_DIFFER_MILLISECONDS = 60_000;

/** Looks at the ping that a life was just given; each hazard is told once in a session. */
export function checkPingContract(
  watch: PingHistory,
  life: SessionLife,
  realNow: number,
): { readonly watch: PingHistory; readonly hazards: readonly string[] } {
  const { ping } = life;
  if (!acceptsRequests(life) || ping === null) return { watch, hazards: [] };
  const advances = advancedForNothing(watch, life, ping) ? watch.advances + 1 : 0;
  const found = (
    [
      ['busy in vain', tellBusyInVain(life)],
      ['advancing', advances < ADVANCES_TO_TELL ? null : tellAdvancing(advances, life)],
      ['milliseconds', tellMilliseconds(ping)],
      ['ahead', tellAhead(ping, realNow)],
    ] as const
  ).filter(([hazard, words]) => words !== null && !watch.told.includes(hazard));
  return {
    watch: {
      told: [...watch.told, ...found.map(([hazard]) => hazard)],
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
  return `it was killed as idle while its agent said HealthyBusy ${withoutTime(ping)}, as AWS kills it; ${MEND_BUSY}`;
}

const MEND_BUSY = 'send time_of_last_update as whole Unix seconds';

function tellBusyInVain(life: SessionLife): string | null {
  if (!isBusyWithoutTimestamp(life.ping)) return null;
  const { idle } = deadlines(life);
  const when =
    idle === null
      ? `${life.limits.idleTimeout / 1000} s after its last invocation`
      : `at ${new Date(idle).toISOString()}`;
  return `/ping says HealthyBusy ${withoutTime(life.ping)}: the session counts as idle and will be killed ${when}, as AWS kills it; ${MEND_BUSY}`;
}

function withoutTime({ timeOfLastUpdate: time }: PingAnswer): string {
  return time === null
    ? 'without time_of_last_update'
    : `with ${time} for time_of_last_update, which is no whole number`;
}

// Between two invocations only: what they do to an agent's status comes and goes with them.
function advancedForNothing(
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

function tellAdvancing(advances: number, life: SessionLife): string {
  const end = new Date(deadlines(life).max).toISOString();
  return `the time_of_last_update of /ping has advanced ${advances} times in a row without a change of status: the session is never killed as idle and will run until ${end}, as in AWS; send the time of the last change of status, not that of the ping`;
}

function tellMilliseconds({ timeOfLastUpdate: time }: PingAnswer): string | null {
  if (typeof time !== 'number' || time < TOO_LARGE_FOR_SECONDS) return null;
  return `/ping says ${time} for time_of_last_update, which is too large for seconds; send whole Unix seconds (milliseconds divided by 1000)`;
}

function tellAhead({ timeOfLastUpdate: time }: PingAnswer, realNow: number): string | null {
  if (typeof time !== 'number' || time >= TOO_LARGE_FOR_SECONDS) return null;
  if (time * 1000 <= realNow + CLOCKS_DIFFER_MILLISECONDS) return null;
  return `/ping says ${time} for time_of_last_update, which is still to come (${new Date(time * 1000).toISOString()}); send the time of the last change of status, in whole Unix seconds`;
}
