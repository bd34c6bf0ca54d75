import { setTimeout as sleep } from 'node:timers/promises';
import type { MachineStorage } from '../../compute/compute.ts';
import type { Logger } from '../../log.ts';
import type { AgentRuntime } from './agents.ts';
import type { Instance } from './instance.ts';
import type { SessionStorage } from './sessionStorage.ts';

/** Provides sessions with instances: a waiting one if available, otherwise a new one. */
export interface InstancePool {
  /** Always returns a new instance if storage is given, because waiting instances have empty storage. */
  take(agent: AgentRuntime, storage: MachineStorage | null): Instance;
  /** Adds or removes waiting instances until their number matches the warm setting. */
  keepWarm(agent: AgentRuntime): void;
  /** Number of waiting instances that are ready and paused. */
  countWarm(agent: AgentRuntime): number;
  /** Removes the waiting instances, because the agent's code has changed. */
  invalidate(agent: AgentRuntime): void;
  /** Starts an instance of the current code, and keeps it if it starts. */
  probe(agent: AgentRuntime): Promise<CodeProbe>;
  /** Removes an agent and its waiting instances. */
  retire(agent: AgentRuntime): void;
  /** True if the current code is newer than the instance's and is known to start. */
  isOutdated(agent: AgentRuntime, instance: Instance): boolean;
  close(): Promise<void>;
}

/** The result of starting changed code. It is ignored if the code changed again meanwhile. */
export type CodeProbe =
  | { readonly outcome: 'starts' }
  | { readonly outcome: 'changed-again' }
  | { readonly outcome: 'fails'; readonly reason: string };

/** The waiting instances of an agent. */
interface AgentPool {
  readonly agent: AgentRuntime;
  /** Oldest first. */
  readonly waiting: Instance[];
  isFilling: boolean;
  /** Number of code changes so far. */
  revision: number;
  /** The newest revision that is known to start. */
  workingRevision: number;
}

/** Delay before a taken instance is replaced, so that the session's first response comes first. */
const REFILL_MILLISECONDS = 1_000;

/** Creates an empty pool. `warm` returns how many instances of an agent to keep ready and paused. */
export function createInstancePool({
  make,
  storage,
  warm,
  logger,
}: {
  readonly make: (agent: AgentRuntime, storage: MachineStorage | null) => Instance;
  readonly storage: Pick<SessionStorage, 'create' | 'discard'>;
  readonly warm: (agent: AgentRuntime) => number;
  readonly logger: Logger;
}): InstancePool {
  const pools = new Map<AgentRuntime, AgentPool>();
  const revisions = new WeakMap<Instance, number>();
  const paused = new WeakSet<Instance>();
  const removals = new Set<Promise<void>>();
  const closing = new AbortController();

  return {
    take(agent, existing) {
      const pool = findOrCreatePool(agent);
      if (existing !== null) return createPooled(pool, existing);
      const waiting = pool.waiting.shift();
      if (warm(agent) > 0) void refill(pool);
      return waiting ?? createPooled(pool);
    },
    keepWarm(agent) {
      const pool = findOrCreatePool(agent);
      trim(pool, warm(agent));
      void fill(pool);
    },
    countWarm: (agent) =>
      findOrCreatePool(agent).waiting.filter((instance) => paused.has(instance)).length,
    invalidate(agent) {
      const pool = findOrCreatePool(agent);
      pool.revision += 1;
      trim(pool, 0);
    },
    async probe(agent) {
      const pool = findOrCreatePool(agent);
      const { revision } = pool;
      const failure = await add(pool);
      if (pool.revision !== revision) return { outcome: 'changed-again' };
      if (failure !== null) return { outcome: 'fails', reason: failure };
      pool.workingRevision = revision;
      // The probe may have added one instance more than the warm setting.
      trim(pool, Math.max(warm(agent), 1));
      void fill(pool);
      return { outcome: 'starts' };
    },
    retire(agent) {
      const pool = pools.get(agent);
      pools.delete(agent);
      if (pool) trim(pool, 0);
    },
    isOutdated(agent, instance) {
      const { revision, workingRevision } = findOrCreatePool(agent);
      return workingRevision === revision && (revisions.get(instance) ?? 0) < workingRevision;
    },
    async close() {
      closing.abort();
      for (const pool of pools.values()) trim(pool, 0);
      await Promise.all(removals);
    },
  };

  function findOrCreatePool(agent: AgentRuntime): AgentPool {
    let pool = pools.get(agent);
    if (!pool) {
      pool = { agent, waiting: [], isFilling: false, revision: 0, workingRevision: 0 };
      pools.set(agent, pool);
    }
    return pool;
  }

  function createPooled(
    { agent, revision }: AgentPool,
    existing: MachineStorage | null = null,
  ): Instance {
    const instance = make(agent, existing ?? storage.create(agent));
    revisions.set(instance, revision);
    return instance;
  }

  async function refill(pool: AgentPool): Promise<void> {
    await sleep(REFILL_MILLISECONDS, undefined, { signal: closing.signal }).catch(() => {});
    await fill(pool);
  }

  /** Starts instances one at a time, so that starting sessions have priority. */
  async function fill(pool: AgentPool): Promise<void> {
    if (pool.isFilling) return;
    pool.isFilling = true;
    let failure: string | null = null;
    while (failure === null && pool.waiting.length < warm(pool.agent) && !closing.signal.aborted) {
      failure = await add(pool);
    }
    pool.isFilling = false;
    if (failure === null || closing.signal.aborted) return;
    logger.warn(
      `${pool.agent.source.name}: No instance is kept warm because the agent does not start. ${failure}`,
    );
  }

  /**
   * Adds a waiting instance, which a session may take before it is ready. Returns the reason if it
   * does not start, or null.
   */
  async function add(pool: AgentPool): Promise<string | null> {
    if (closing.signal.aborted) return null;
    const instance = createPooled(pool);
    pool.waiting.push(instance);
    const isWaiting = () => pool.waiting.includes(instance);
    try {
      await instance.ready;
      if (isWaiting()) await instance.pause();
      paused.add(instance);
    } catch (error) {
      // The session that took it reports the failure; a removed instance need not start.
      if (!isWaiting()) return null;
      remove(pool, instance);
      return (error as Error).message;
    }
    void instance.exited.then(() => {
      if (!isWaiting()) return;
      remove(pool, instance);
      void refill(pool);
    });
    return null;
  }

  function trim(pool: AgentPool, size: number): void {
    for (const instance of pool.waiting.slice(size)) remove(pool, instance);
  }

  function remove({ agent, waiting }: AgentPool, instance: Instance): void {
    waiting.splice(waiting.indexOf(instance), 1);
    const removal = instance
      .close()
      .then(() => instance.storage && storage.discard(agent, instance.storage))
      .then(() => instance.deleteOutput())
      .catch((error: Error) =>
        logger.warn(
          `${agent.source.name}: Could not remove the files of a warm instance: ${error.message}`,
        ),
      )
      .finally(() => removals.delete(removal));
    removals.add(removal);
  }
}
