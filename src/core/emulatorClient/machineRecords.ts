import type { MachineRecord } from '../../shared/chat/machineRecord.ts';
import type { AdminClient } from './adminClient.ts';
import type { SessionKey } from './sessionStore.ts';

/** How many runs of a session are shown, and how many lines of each. */
const MOST_RUNS = 3;
const MOST_LINES = 500;

/** Reads the logs and timelines of a session's latest runs, oldest first. */
export async function readMachineRecords(
  client: AdminClient,
  { runtimeId, sessionId }: SessionKey,
): Promise<readonly MachineRecord[]> {
  const runs = (await client.sessions())
    .filter((one) => one.runtimeId === runtimeId && one.sessionId === sessionId)
    .slice(-MOST_RUNS);
  return Promise.all(
    runs.map(async (session) => {
      const { run, startedAt, reason } = session;
      const [log, timeline] = await Promise.all([client.logs(session), client.timeline(session)]);
      return {
        run,
        startedAt,
        reason,
        log: log.slice(-MOST_LINES),
        timeline: timeline.slice(-MOST_LINES),
      };
    }),
  );
}
