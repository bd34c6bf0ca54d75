import type { Logger } from '../../../log.ts';
import type { AgentRuntime } from '../agents.ts';
import type { Session } from '../session.ts';
import type { RuntimeStore } from './runtimeStore.ts';
import { endpointArn } from './names.ts';
import type { RuntimeEndpoint, RuntimeRecord, RuntimeVersion } from './records.ts';

/**
 * Removes runtimes, versions and endpoints with everything that depends on them. New sessions are refused at once.
 */
export interface Removal {
  removeRuntime(runtime: RuntimeRecord): void;
  removeVersion(version: RuntimeVersion): void;
  removeEndpoint(runtime: RuntimeRecord, endpoint: RuntimeEndpoint): void;
  close(): Promise<void>;
}

/** Creates the removal of a runtime store's resources. */
export function createRemoval({
  catalogue,
  endSessions,
  retire,
  onServed,
  removeStorage,
  logger,
}: {
  readonly catalogue: RuntimeStore;
  /** Ends the matching sessions because their runtime is deleted. */
  readonly endSessions: (isMeant: (session: Session) => boolean, cause: string) => Promise<void>;
  /** Releases an agent that no session will run again. */
  readonly retire: (agent: AgentRuntime) => void;
  readonly onServed: (agents: readonly AgentRuntime[]) => void;
  /** Removes session storage of a runtime, or of one of its versions. */
  readonly removeStorage: (runtimeId: string, version?: string) => Promise<void>;
  readonly logger: Logger;
}): Removal {
  const underWay = new Set<Promise<void>>();

  function carryOut(what: string, work: () => Promise<void>): void {
    const done = work()
      .catch((error: Error) => logger.error(`${what} could not be deleted whole: ${error.message}`))
      .finally(() => underWay.delete(done));
    underWay.add(done);
  }

  const agentsOf = (versions: readonly RuntimeVersion[]) =>
    versions.flatMap(({ runtimeId, version }) => catalogue.agent(runtimeId, version) ?? []);

  return {
    removeRuntime(runtime) {
      const { id, arn } = runtime;
      const gone = { status: 'DELETING' as const };
      const endpoints = runtime.endpoints.map((endpoint) => ({ ...endpoint, ...gone }));
      catalogue.save({ ...runtime, ...gone, endpoints });
      carryOut(arn, async () => {
        await endSessions(({ agent }) => agent.id === id, `${id} was deleted`);
        for (const agent of agentsOf(catalogue.versions(id))) retire(agent);
        await removeStorage(id);
        catalogue.remove(id);
      });
    },
    removeVersion(version) {
      const { runtimeId: id, version: name } = version;
      const agents = agentsOf([version]);
      catalogue.removeVersion(id, name);
      carryOut(`version ${name} of ${id}`, async () => {
        const isMeant = ({ agent }: Session) => agent.id === id && agent.version === name;
        await endSessions(isMeant, `version ${name} of ${id} was deleted`);
        for (const agent of agents) retire(agent);
        await removeStorage(id, name);
      });
    },
    removeEndpoint(runtime, endpoint) {
      const { id, arn } = runtime;
      const { name, live } = endpoint;
      catalogue.save({ ...runtime, endpoints: runtime.endpoints.filter((it) => it !== endpoint) });
      carryOut(endpointArn(arn, name), async () => {
        const agent = live === null ? null : catalogue.agent(id, live);
        if (agent) onServed([agent]);
        const isMeant = (session: Session) => session.agent.id === id && session.qualifier === name;
        await endSessions(isMeant, `the endpoint ${name} of ${id} was deleted`);
      });
    },
    async close() {
      await Promise.all(underWay);
    },
  };
}
