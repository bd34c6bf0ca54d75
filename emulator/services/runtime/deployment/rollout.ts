import type { Clock } from '../../../clock.ts';
import type { Logger } from '../../../log.ts';
import type { AgentRuntime, AgentSource } from '../agents.ts';
import type { RuntimeStore } from './runtimeStore.ts';
import { settleVersion, type RuntimeRecord, type RuntimeVersion } from './records.ts';

/** Brings versions to READY and endpoints to their versions. */
export interface Rollout {
  /** Obtains the source of a version, then settles it. */
  begin(version: RuntimeVersion): void;
  /** Moves waiting endpoints to a version, unless it is still being obtained. */
  settle(runtimeId: string, version: string): void;
  /** Cancels pending rollouts. The next start of the data folder resumes them. */
  close(): Promise<void>;
}

/** Obtains the source of a version; rejects with the reason if that fails. */
export type PrepareVersion = (
  runtime: RuntimeRecord,
  version: RuntimeVersion,
  signal: AbortSignal,
) => Promise<AgentSource>;

/** Creates the rollout of a runtime store. */
export function createRollout({
  catalogue,
  clock,
  obtain,
  onServed,
  logger,
}: {
  readonly catalogue: RuntimeStore;
  readonly clock: Clock;
  readonly obtain: PrepareVersion;
  /** An endpoint now leads to another agent, or to none. */
  readonly onServed: (agents: readonly AgentRuntime[]) => void;
  readonly logger: Logger;
}): Rollout {
  const closing = new AbortController();
  const underWay = new Set<Promise<void>>();

  async function carryOut(runtime: RuntimeRecord, version: RuntimeVersion): Promise<void> {
    const of = `version ${version.version} of ${runtime.id}`;
    const outcome = await obtain(runtime, version, closing.signal).then(
      (source) => ({ source, failure: null }),
      (error: Error) => ({ source: null, failure: error.message }),
    );
    const isWanted = catalogue.version(runtime.id, version.version) !== undefined;
    if (closing.signal.aborted || !isWanted) return;
    if (outcome.failure === null) logger.info(`${of} is ready`);
    else logger.error(`${of} cannot run: ${outcome.failure}`);
    catalogue.saveVersion({ ...version, ...outcome });
    settle(runtime.id, version.version);
  }

  function settle(runtimeId: string, name: string): void {
    const runtime = catalogue.runtime(runtimeId);
    const version = catalogue.version(runtimeId, name);
    if (!runtime || !version || (version.source === null && version.failure === null)) return;
    const next = settleVersion(runtime, version, clock.now());
    catalogue.save(next);
    const touched = [runtime, next].flatMap(({ endpoints }) => endpoints.map(({ live }) => live));
    const agents = [...new Set(touched)].flatMap((live) =>
      live === null ? [] : (catalogue.agent(runtimeId, live) ?? []),
    );
    onServed(agents);
  }

  return {
    begin(version) {
      const runtime = catalogue.runtime(version.runtimeId);
      if (!runtime) return;
      const work = carryOut(runtime, version)
        .catch((error: Error) => {
          const of = `version ${version.version} of ${runtime.id}`;
          logger.error(`what was obtained for ${of} could not be kept: ${error.stack}`);
        })
        .finally(() => underWay.delete(work));
      underWay.add(work);
    },
    settle,
    async close() {
      closing.abort();
      await Promise.all(underWay);
    },
  };
}
