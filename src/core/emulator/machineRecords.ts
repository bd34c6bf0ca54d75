import type { MachineRecord } from '../../shared/chat/machineRecord.ts';
import type { LogLine, SessionSummary, TimelineEntry } from '../../shared/session.ts';

/** Of how many machines of a session the records are shown, and how many lines of each. */
const MACHINES = 3;
const LINES = 500;

/** What an emulator has kept of the latest machines of a session, the oldest first. */
export async function readMachineRecords({
  url,
  runtimeId,
  sessionId,
}: {
  /** The emulator's address. */
  readonly url: string;
  readonly runtimeId: string;
  readonly sessionId: string;
}): Promise<readonly MachineRecord[]> {
  const ask = async <Answer>(path: string): Promise<Answer> => {
    const response = await fetch(`${url}/_emulator/sessions${path}`);
    if (!response.ok) throw new Error(`sessions${path}: ${response.status}`);
    return (await response.json()) as Answer;
  };
  const { sessions } = await ask<{ sessions: SessionSummary[] }>('');
  const machines = sessions
    .filter((one) => one.runtimeId === runtimeId && one.sessionId === sessionId)
    .slice(-MACHINES);
  return Promise.all(
    machines.map(async ({ run, startedAt, reason }) => {
      const path = `/${runtimeId}/${encodeURIComponent(sessionId)}/${run}`;
      const [{ logs }, { timeline }] = await Promise.all([
        ask<{ logs: LogLine[] }>(`${path}/logs`),
        ask<{ timeline: TimelineEntry[] }>(`${path}/timeline`),
      ]);
      return { run, startedAt, reason, log: logs.slice(-LINES), timeline: timeline.slice(-LINES) };
    }),
  );
}
