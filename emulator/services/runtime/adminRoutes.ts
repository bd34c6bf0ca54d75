import type { AgentSummary } from '../../../src/shared/emulator.ts';
import { adminAnswers, snapshotCheck } from '../../../src/shared/schemas/adminApi.ts';
import { jsonRoute, type AdminRoutes } from '../../admin/adminRoute.ts';
import { notFound } from '../../wire/errors.ts';
import type { Session } from './session.ts';
import type { RuntimeSessions } from './runtimeSessions.ts';
import type { Timelines } from './timeline.ts';

interface SessionLabels {
  readonly runtimeId: string;
  readonly sessionId: string;
  readonly run?: string;
}

/** Creates the admin routes of agents and their sessions. */
export function createRuntimeRoutes({
  listAgents,
  sessions,
  timelines,
}: {
  readonly listAgents: () => AgentSummary[];
  readonly sessions: Pick<RuntimeSessions, 'list' | 'find'>;
  readonly timelines: Timelines;
}): AdminRoutes {
  function find({ runtimeId, sessionId, run }: SessionLabels): Session {
    const found = sessions.find(runtimeId, sessionId, run === undefined ? run : Number(run));
    if (found) return found;
    const ofRun = run === undefined ? '' : `, run ${run}`;
    throw notFound(`No session '${sessionId}' of ${runtimeId}${ofRun}.`);
  }

  const logs = {
    method: 'get',
    summary: 'Output of a session',
    answer: adminAnswers.logs,
    handle: async ({ labels }: { readonly labels: SessionLabels }) => ({
      logs: await find(labels).logs(),
    }),
  } as const;
  const timeline = {
    method: 'get',
    summary: 'Timeline of a session, with causes',
    answer: adminAnswers.timeline,
    handle: ({ labels }: { readonly labels: SessionLabels }) => ({
      timeline: timelines.of(find(labels).instance),
    }),
  } as const;
  const snapshot = {
    method: 'get',
    summary: 'What sessions of the agent would share on platform V2, where AWS restores a snapshot',
    answer: snapshotCheck,
    handle: ({ labels }: { readonly labels: SessionLabels }) =>
      find(labels).instance.snapshotCheck(),
  } as const;

  return {
    agents: jsonRoute({
      method: 'get',
      path: '/agents',
      summary: 'Agents of the project and of deployments',
      answer: adminAnswers.agents,
      handle: () => ({ agents: listAgents() }),
    }),
    sessions: jsonRoute({
      method: 'get',
      path: '/sessions',
      summary: 'Running sessions and the last thousand that ended, oldest first',
      answer: adminAnswers.sessions,
      handle: () => ({ sessions: sessions.list().map((each) => each.summary()) }),
    }),
    logs: jsonRoute({ ...logs, path: '/sessions/:runtimeId/:sessionId/logs' }),
    logsOfRun: jsonRoute({ ...logs, path: '/sessions/:runtimeId/:sessionId/:run/logs' }),
    timeline: jsonRoute({ ...timeline, path: '/sessions/:runtimeId/:sessionId/timeline' }),
    timelineOfRun: jsonRoute({
      ...timeline,
      path: '/sessions/:runtimeId/:sessionId/:run/timeline',
    }),
    snapshot: jsonRoute({ ...snapshot, path: '/sessions/:runtimeId/:sessionId/snapshot' }),
    snapshotOfRun: jsonRoute({
      ...snapshot,
      path: '/sessions/:runtimeId/:sessionId/:run/snapshot',
    }),
  };
}
