import type { Logger } from '../../../log.ts';
import type { AgentRuntime } from '../agents.ts';
import type { Session } from '../session.ts';
import type { RuntimeStore } from './runtimeStore.ts';
import { endpointArn } from './names.ts';
import type { RuntimeEndpoint, RuntimeRecord, RuntimeVersion } from './records.ts';

/**
 * Removes runtimes, versions and endpoints with everything that depends on them. New sessions fail at once.
 */
export interface Removal {
  removeRuntime(runtime: RuntimeRecord): void;
  removeVersion(version: RuntimeVersion): void;
  removeEndpoint(runtime: RuntimeRecord, endpoint: RuntimeEndpoint): void;
  close(): Promise<void>;
}

/** Creates the removal of a runtime store's resources. */
export function createRemoval({
  store,
  endSessions,
  retire,
  onEndpointsChanged,
  removeStorage,
  logger,
}: {
  readonly store: RuntimeStore;
  /** Ends the matching sessions because their runtime is deleted. */
  readonly endSessions: (isAffected: (session: Session) => boolean, cause: string) => Promise<void>;
  /** Releases an agent that no session will run again. */
  readonly retire: (agent: AgentRuntime) => void;
  readonly onEndpointsChanged: (agents: readonly AgentRuntime[]) => void;
  /** Removes session storage of a runtime, or of one of its versions. */
  readonly removeStorage: (runtimeId: string, version?: string) => Promise<void>;
  readonly logger: Logger;
}): Removal {
  const pending = new Set<Promise<void>>();

  function startRemoval(label: string, work: () => Promise<void>): void {
    const done = work()
      .catch((error: Error) =>
        logger.error(`${label} could not be deleted completely: ${error.message}`),
      )
      .finally(() => pending.delete(done));
    pending.add(done);
  }

  const findAgents = (versions: readonly RuntimeVersion[]) =>
    versions.flatMap(({ runtimeId, version }) => store.agent(runtimeId, version) ?? []);

  return {
    removeRuntime(runtime) {
      const { id, arn } = runtime;
      const deleting = { status: 'DELETING' as const };
      const endpoints = runtime.endpoints.map((endpoint) => ({ ...endpoint, ...deleting }));
      store.save({ ...runtime, ...deleting, endpoints });
      startRemoval(arn, async () => {
        await endSessions(({ agent }) => agent.id === id, `${id} was deleted`);
        for (const agent of findAgents(store.versions(id))) retire(agent);
        await removeStorage(id);
        store.remove(id);
      });
    },
    removeVersion(version) {
      const { runtimeId: id, version: name } = version;
      const agents = findAgents([version]);
      store.removeVersion(id, name);
      startRemoval(`Version ${name} of ${id}`, async () => {
        const isAffected = ({ agent }: Session) => agent.id === id && agent.version === name;
        await endSessions(isAffected, `version ${name} of ${id} was deleted`);
        for (const agent of agents) retire(agent);
        await removeStorage(id, name);
      });
    },
    removeEndpoint(runtime, endpoint) {
      const { id, arn } = runtime;
      const { name, live } = endpoint;
      store.save({ ...runtime, endpoints: runtime.endpoints.filter((it) => it !== endpoint) });
      startRemoval(endpointArn(arn, name), async () => {
        const agent = live === null ? null : store.agent(id, live);
        if (agent) onEndpointsChanged([agent]);
        const isAffected = (session: Session) =>
          session.agent.id === id && session.qualifier === name;
        await endSessions(isAffected, `the endpoint ${name} of ${id} was deleted`);
      });
    },
    async close() {
      await Promise.all(pending);
    },
  };
}
