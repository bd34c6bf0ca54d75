import type { MachineRecords } from '../../shared/chat/machineRecord.ts';
import type { AdminClient } from './adminClient.ts';
import type { SessionKey } from './sessionKey.ts';

/** Latest runs that are shown. */
const MAX_RUNS = 3;

/** Last lines and timeline entries that are shown of a run. */
const MAX_LINES = 500;

/** Reads the logs and timelines of a session's latest runs. */
export async function readMachineRecords(
  client: AdminClient,
  { runtimeId, sessionId }: SessionKey,
): Promise<MachineRecords> {
  const [sessions, { offsetSeconds }] = await Promise.all([client.sessions(), client.clock()]);
  const runs = sessions
    .filter((session) => session.runtimeId === runtimeId && session.sessionId === sessionId)
    .slice(-MAX_RUNS);
  const machines = await Promise.all(
    runs.map(async (session) => {
      const { run, startedAt, reason } = session;
      const [log, timeline] = await Promise.all([client.logs(session), client.timeline(session)]);
      return {
        run,
        startedAt,
        reason,
        log: log.slice(-MAX_LINES),
        timeline: timeline.slice(-MAX_LINES),
      };
    }),
  );
  return { machines, clockOffsetSeconds: offsetSeconds };
}
