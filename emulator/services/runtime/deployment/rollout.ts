import type { Clock } from '../../../clock.ts';
import type { Logger } from '../../../log.ts';
import type { AgentSource } from '../../../agentSource.ts';
import type { AgentRuntime } from '../agents.ts';
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
  store,
  clock,
  prepareVersion,
  onEndpointsChanged,
  logger,
}: {
  readonly store: RuntimeStore;
  readonly clock: Clock;
  readonly prepareVersion: PrepareVersion;
  /** Called when an endpoint serves another agent, or none. */
  readonly onEndpointsChanged: (agents: readonly AgentRuntime[]) => void;
  readonly logger: Logger;
}): Rollout {
  const closing = new AbortController();
  const pending = new Set<Promise<void>>();

  async function prepareAndSettle(runtime: RuntimeRecord, version: RuntimeVersion): Promise<void> {
    const label = `Version ${version.version} of ${runtime.id}`;
    const outcome = await prepareVersion(runtime, version, closing.signal).then(
      (source) => ({ source, failure: null }),
      (error: Error) => ({ source: null, failure: error.message }),
    );
    const exists = store.version(runtime.id, version.version) !== undefined;
    if (closing.signal.aborted || !exists) return;
    if (outcome.failure === null) logger.info(`${label} is READY`);
    else logger.error(`${label} failed: ${outcome.failure}`);
    // The runtime and its version are updated at the same time.
    const at = clock.now();
    store.saveVersion({ ...version, ...outcome, lastUpdatedAt: at });
    settleAt(at, runtime.id, version.version);
  }

  function settleAt(at: number, runtimeId: string, name: string): void {
    const runtime = store.runtime(runtimeId);
    const version = store.version(runtimeId, name);
    if (!runtime || !version || (version.source === null && version.failure === null)) return;
    const next = settleVersion(runtime, version, at);
    store.save(next);
    const versions = [runtime, next].flatMap(({ endpoints }) => endpoints.map(({ live }) => live));
    const agents = [...new Set(versions)].flatMap((live) =>
      live === null ? [] : (store.agent(runtimeId, live) ?? []),
    );
    onEndpointsChanged(agents);
  }

  return {
    begin(version) {
      const runtime = store.runtime(version.runtimeId);
      if (!runtime) return;
      const work = prepareAndSettle(runtime, version)
        .catch((error: Error) => {
          const label = `Version ${version.version} of ${runtime.id}`;
          logger.error(`${label} could not be saved: ${error.stack}`);
        })
        .finally(() => pending.delete(work));
      pending.add(work);
    },
    settle: (runtimeId, name) => settleAt(clock.now(), runtimeId, name),
    async close() {
      closing.abort();
      await Promise.all(pending);
    },
  };
}
