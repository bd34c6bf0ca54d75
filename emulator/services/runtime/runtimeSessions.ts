import { agentFailed, notFound, quotaExceeded, sessionBusy } from '../../wire/errors.ts';
import type { AgentEndpoint, AgentRuntime, Agents } from './agents.ts';
import { acceptsRequests } from './lifecycle.ts';
import type { InstancePool } from './instancePool.ts';
import { createSession, type Session, type SessionDependencies } from './session.ts';
import { StartFailure } from './startAgent.ts';

/** All sessions: those that live, and the last thousand that ended. */
export interface RuntimeSessions {
  /**
   * The session of this id, with one more operation in flight; started if it does not live. Each
   * endpoint has sessions of its own, so that nobody meets another version than was asked for.
   */
  acquire(endpoint: AgentEndpoint, id: string, requestId: string): Promise<Session>;
  /** That session if it serves; who only listens to one starts none. */
  acquireRunning(endpoint: AgentEndpoint, id: string, requestId: string): Session;
  /** Ends a session at its user's wish. */
  stop(endpoint: AgentEndpoint, id: string): Promise<void>;
  /** A given life of a session, or its latest; the lives of an id are counted over all endpoints. */
  find(runtimeId: string, id: string, run?: number): Session | undefined;
  /** Oldest first. */
  list(): readonly Session[];
  /** Those of an agent that have not ended. */
  listRunning(agent: AgentRuntime): Session[];
  /** Ends those that are meant, because what they run is deleted. */
  endDeleted(isMeant: (session: Session) => boolean, cause: string): Promise<void>;
  close(): Promise<void>;
}

const MAX_ENDED = 1_000;

/** What becomes of a live session when its agent's code has changed: in AWS, nothing. */
export type CodeChangeMode = 'reload' | 'wait';

/** No sessions yet. */
export function createRuntimeSessions(
  instances: Pick<InstancePool, 'take' | 'isOutdated' | 'keepWarm'>,
  {
    agents,
    onChange,
    most,
  }: {
    readonly agents: Pick<Agents, 'refuseDeleted'>;
    readonly onChange: CodeChangeMode;
    readonly most: number;
  },
  surroundings: SessionDependencies,
): RuntimeSessions {
  const sessions: Session[] = [];
  const ended: Session[] = [];
  const living = new Map<AgentRuntime, Set<Session>>();
  // The latest life of every id, at any endpoint and at each, so that the way of an invocation is
  // one look-up.
  const latest = new Map<string, Session>();
  const latestAt = new Map<string, Session>();
  const key = (...names: string[]) => names.join('\n');
  const keyAt = ({ agent, name }: AgentEndpoint, id: string) => key(agent.id, name, id);
  let closed = false;

  function start(endpoint: AgentEndpoint, id: string, requestId: string): Session {
    const { agent, name: qualifier } = endpoint;
    const session = createSession(
      {
        agent,
        id,
        run: (latest.get(key(agent.id, id))?.run ?? 0) + 1,
        requestId,
        qualifier,
        instance: instances.take(agent, surroundings.storage.find(agent, id)),
      },
      surroundings,
    );
    sessions.push(session);
    const others = living.get(agent) ?? new Set();
    living.set(agent, others.add(session));
    latest.set(key(agent.id, id), session);
    latestAt.set(keyAt(endpoint, id), session);
    void session.terminated.then(() => {
      ended.push(session);
      others.delete(session);
      if (others.size === 0) living.delete(agent);
      // A session that is reloaded goes on at once, with what waits for it.
      const goesOn = session.life().reason === 'reloaded';
      if (!goesOn && others.size === 0) instances.keepWarm(agent);
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
    const nameAt = key(agent.id, qualifier, id);
    if (latestAt.get(nameAt) === oldest) latestAt.delete(nameAt);
    oldest
      .deleteOutput()
      .catch((error: Error) =>
        surroundings.logger.warn(
          `${agent.source.name}: the output of session ${id} could not be removed: ${error.message}`,
        ),
      );
  }

  function refuseCrowd(): void {
    const active = [...living.values()].reduce((sum, { size }) => sum + size, 0);
    if (active < most) return;
    throw quotaExceeded(
      `${active} sessions are active, and the emulator was told to have no more than ${most} (--limits). End one with StopRuntimeSession, or wait for its idle end.`,
    );
  }

  /** While it is busy it goes on as it is; what it does is not cut off. */
  function isToReload({ agent, instance, life }: Session): boolean {
    return (
      onChange === 'reload' && life().state === 'idle' && instances.isOutdated(agent, instance)
    );
  }

  function serving(endpoint: AgentEndpoint, id: string): Session {
    const session = latestAt.get(keyAt(endpoint, id));
    const state = session?.life().state;
    if (!session || state === 'terminated') {
      throw notFound(
        `No running session '${id}' of ${endpoint.agent.id} at its endpoint ${endpoint.name}.`,
      );
    }
    if (!acceptsRequests(session.life())) throw sessionBusy();
    return session;
  }

  const all: RuntimeSessions = {
    async acquire(endpoint, id, requestId) {
      if (closed) throw sessionBusy();
      const present = latestAt.get(keyAt(endpoint, id));
      const state = present?.life().state ?? 'terminated';
      if (present && isToReload(present)) {
        await present.end('reloaded', 'its code has changed');
        const again = { ...endpoint, agent: present.agent };
        // Ending takes a while, in which all of it may have been deleted.
        agents.refuseDeleted(again);
        return all.acquire(again, id, requestId);
      }
      if (present && acceptsRequests(present.life())) {
        present.beginRequest(requestId);
        return present;
      }
      // As in AWS: while a session starts or ends, every other operation on it waits its turn.
      if (state !== 'terminated') throw sessionBusy();
      refuseCrowd();
      const session = start(endpoint, id, requestId);
      try {
        await session.started;
      } catch (error) {
        if (error instanceof StartFailure) throw agentFailed(error.message);
        throw error;
      }
      return session;
    },
    acquireRunning(endpoint, id, requestId) {
      const session = serving(endpoint, id);
      session.beginRequest(requestId);
      return session;
    },
    async stop(endpoint, id) {
      await serving(endpoint, id).end('stopped', 'StopRuntimeSession');
    },
    find(runtimeId, id, run) {
      if (run === undefined) return latest.get(key(runtimeId, id));
      return sessions.find(
        (session) => session.agent.id === runtimeId && session.id === id && session.run === run,
      );
    },
    list: () => sessions,
    listRunning: (agent) => [...(living.get(agent) ?? [])],
    async endDeleted(isMeant, cause) {
      const meant = sessions.filter(isMeant);
      await Promise.all(meant.map((session) => session.end('runtime-deleted', cause)));
    },
    async close() {
      closed = true;
      await Promise.all(
        sessions.map((session) => session.end('emulator-closed', 'the emulator was closed')),
      );
    },
  };
  return all;
}
