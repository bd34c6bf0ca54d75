import type { RunningRequest } from '../../caller.ts';
import type { CodeChangeMode } from '../../options.ts';
import { agentFailed, notFound, quotaExceeded, sessionBusy } from '../../wire/errors.ts';
import type { AgentEndpoint, AgentRuntime, Agents } from './agents.ts';
import { acceptsRequests } from './lifecycle.ts';
import type { InstancePool } from './instancePool.ts';
import { createSession, type Session, type SessionDependencies } from './session.ts';
import { StartFailure } from './startAgent.ts';

/** All running sessions, and the last thousand that ended. */
export interface RuntimeSessions {
  /**
   * Returns the session of this id with one more operation in flight. Starts it if it is not running.
   * Sessions belong to an endpoint, so that a caller never reaches another version.
   */
  acquire(endpoint: AgentEndpoint, id: string, request: RunningRequest): Promise<Session>;
  /** Returns a running session without an operation; throws if it is not running. */
  requireRunning(endpoint: AgentEndpoint, id: string): Session;
  /** Like `acquire`, but throws if the session is not running: listening must not start a session. */
  acquireRunning(endpoint: AgentEndpoint, id: string, request: RunningRequest): Session;
  /** Ends a session at a user's request. */
  stop(endpoint: AgentEndpoint, id: string): Promise<void>;
  /** Finds a run of a session, by default the latest. Runs of an id are counted across endpoints. */
  find(runtimeId: string, id: string, run?: number): Session | undefined;
  /** Lists all sessions, oldest first. */
  list(): readonly Session[];
  /** Lists the sessions of an agent that have not ended. */
  listRunning(agent: AgentRuntime): Session[];
  /** Ends the matching sessions because their runtime, version or endpoint is deleted. */
  endDeleted(matches: (session: Session) => boolean, cause: string): Promise<void>;
  close(): Promise<void>;
}

const MAX_ENDED = 1_000;

/** Creates a registry without sessions. */
export function createRuntimeSessions(
  instances: Pick<InstancePool, 'take' | 'isOutdated' | 'keepWarm'>,
  {
    agents,
    onChange,
    maxSessions,
  }: {
    readonly agents: Pick<Agents, 'refuseDeleted'>;
    readonly onChange: CodeChangeMode;
    readonly maxSessions: number;
  },
  dependencies: SessionDependencies,
): RuntimeSessions {
  const sessions: Session[] = [];
  const ended: Session[] = [];
  const running = new Map<AgentRuntime, Set<Session>>();
  // The latest run of each id, across all endpoints and per endpoint, so that an invocation needs one
  // lookup.
  const latest = new Map<string, Session>();
  const latestAtEndpoint = new Map<string, Session>();
  const key = (...names: string[]) => names.join('\n');
  const endpointKey = ({ agent, name }: AgentEndpoint, id: string) => key(agent.id, name, id);
  let closed = false;

  function start(endpoint: AgentEndpoint, id: string, request: RunningRequest): Session {
    const { agent, name: qualifier } = endpoint;
    const session = createSession(
      {
        agent,
        id,
        run: (latest.get(key(agent.id, id))?.run ?? 0) + 1,
        request,
        qualifier,
        instance: instances.take(agent, dependencies.storage.find(agent, id)),
      },
      dependencies,
    );
    sessions.push(session);
    const siblings = running.get(agent) ?? new Set();
    running.set(agent, siblings.add(session));
    latest.set(key(agent.id, id), session);
    latestAtEndpoint.set(endpointKey(endpoint, id), session);
    void session.terminated.then(() => {
      ended.push(session);
      siblings.delete(session);
      if (siblings.size === 0) running.delete(agent);
      // A reloaded session restarts at once and takes the waiting instance.
      const restarts = session.life().reason === 'reloaded';
      if (!restarts && siblings.size === 0) instances.keepWarm(agent);
      forgetOldest();
    });
    return session;
  }

  function forgetOldest(): void {
    const oldest = ended.length > MAX_ENDED ? ended.shift() : undefined;
    if (!oldest) return;
    sessions.splice(sessions.indexOf(oldest), 1);
    const { agent, qualifier, id } = oldest;
    const name = key(agent.id, id);
    if (latest.get(name) === oldest) latest.delete(name);
    const endpointName = key(agent.id, qualifier, id);
    if (latestAtEndpoint.get(endpointName) === oldest) latestAtEndpoint.delete(endpointName);
    oldest
      .deleteOutput()
      .catch((error: Error) =>
        dependencies.logger.warn(
          `${agent.source.name}: Could not remove the output of session ${id}: ${error.message}`,
        ),
      );
  }

  function enforceSessionLimit(): void {
    const active = [...running.values()].reduce((sum, { size }) => sum + size, 0);
    if (active < maxSessions) return;
    throw quotaExceeded(
      `${active} sessions are active. The limit is ${maxSessions} (--limits). Stop a session with StopRuntimeSession, or wait until one times out.`,
    );
  }

  /** A busy session is never interrupted for a reload. */
  function shouldReload({ agent, instance, life }: Session): boolean {
    return (
      onChange === 'reload' && life().state === 'idle' && instances.isOutdated(agent, instance)
    );
  }

  function findRunning(endpoint: AgentEndpoint, id: string): Session {
    const session = latestAtEndpoint.get(endpointKey(endpoint, id));
    const state = session?.life().state;
    if (!session || state === 'terminated') {
      throw notFound(
        `No running session '${id}' of ${endpoint.agent.id} at its endpoint ${endpoint.name}.`,
      );
    }
    if (!acceptsRequests(session.life())) throw sessionBusy();
    return session;
  }

  const runtimeSessions: RuntimeSessions = {
    async acquire(endpoint, id, request) {
      if (closed) throw sessionBusy();
      const existing = latestAtEndpoint.get(endpointKey(endpoint, id));
      const state = existing?.life().state ?? 'terminated';
      if (existing && shouldReload(existing)) {
        await existing.end('reloaded', "The agent's code changed.");
        const sameVersion = { ...endpoint, agent: existing.agent };
        // The runtime may have been deleted while the session ended.
        agents.refuseDeleted(sameVersion);
        return runtimeSessions.acquire(sameVersion, id, request);
      }
      if (existing && acceptsRequests(existing.life())) {
        existing.beginRequest(request);
        return existing;
      }
      // As in AWS, other operations are rejected as retryable while a session starts or ends.
      if (state !== 'terminated') throw sessionBusy();
      enforceSessionLimit();
      const session = start(endpoint, id, request);
      try {
        await session.started;
      } catch (error) {
        if (error instanceof StartFailure) throw agentFailed(error.message);
        throw error;
      }
      return session;
    },
    requireRunning: findRunning,
    acquireRunning(endpoint, id, request) {
      const session = findRunning(endpoint, id);
      session.beginRequest(request);
      return session;
    },
    async stop(endpoint, id) {
      await findRunning(endpoint, id).end('stopped', 'StopRuntimeSession');
    },
    find(runtimeId, id, run) {
      if (run === undefined) return latest.get(key(runtimeId, id));
      return sessions.find(
        (session) => session.agent.id === runtimeId && session.id === id && session.run === run,
      );
    },
    list: () => sessions,
    listRunning: (agent) => [...(running.get(agent) ?? [])],
    async endDeleted(matches, cause) {
      const deleted = sessions.filter(matches);
      await Promise.all(deleted.map((session) => session.end('runtime-deleted', cause)));
    },
    async close() {
      closed = true;
      await Promise.all(
        sessions.map((session) => session.end('emulator-closed', 'The emulator shut down.')),
      );
    },
  };
  return runtimeSessions;
}
