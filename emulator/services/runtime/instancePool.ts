import { setTimeout as sleep } from 'node:timers/promises';
import type { MachineStorage } from '../../compute/compute.ts';
import type { Logger } from '../../log.ts';
import type { AgentRuntime } from './agents.ts';
import type { Instance } from './instance.ts';
import type { SessionStorage } from './sessionStorage.ts';

/** Gives sessions their instances: one that waits for a session where there is one, else a new one. */
export interface InstancePool {
  /** One with the given storage is always new: those that wait have an empty one each. */
  take(agent: AgentRuntime, storage: MachineStorage | null): Instance;
  /** Makes those that wait as many as are kept warm of it. */
  keepWarm(agent: AgentRuntime): void;
  /** How many wait, ready and asleep. */
  countWarm(agent: AgentRuntime): number;
  /** The agent's code has changed: what waits is of no use any more. */
  invalidate(agent: AgentRuntime): void;
  /** Starts the code as it is now, and keeps what starts. */
  probe(agent: AgentRuntime): Promise<CodeProbe>;
  /** Forgets an agent, and removes what waits of it. */
  retire(agent: AgentRuntime): void;
  /** Whether the code of the moment is newer than an instance's, and is known to start. */
  isOutdated(agent: AgentRuntime, instance: Instance): boolean;
  close(): Promise<void>;
}

/** What was seen of changed code; of code that has changed again meanwhile nobody needs to know. */
export type CodeProbe =
  | { readonly outcome: 'starts' }
  | { readonly outcome: 'changed-again' }
  | { readonly outcome: 'fails'; readonly why: string };

/** What there is of an agent. Its code is counted by its changes. */
interface AgentPool {
  readonly agent: AgentRuntime;
  /** Those that wait for a session, the oldest first. */
  readonly waiting: Instance[];
  isFilling: boolean;
  revision: number;
  /** The newest code that has been seen to start. */
  workingRevision: number;
}

/** When a session has taken one, its first answer goes before the making of the next. */
const REFILL_MILLISECONDS = 1_000;

/** Nothing waits yet; `warm` says how many instances of an agent are to be kept ready and asleep. */
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
  const stocks = new Map<AgentRuntime, AgentPool>();
  const codeOf = new WeakMap<Instance, number>();
  const asleep = new WeakSet<Instance>();
  const removals = new Set<Promise<void>>();
  const closing = new AbortController();

  return {
    take(agent, left) {
      const stock = stockOf(agent);
      if (left !== null) return makeFrom(stock, left);
      const waiting = stock.waiting.shift();
      if (warm(agent) > 0) void refill(stock);
      return waiting ?? makeFrom(stock);
    },
    keepWarm(agent) {
      const stock = stockOf(agent);
      removeBeyond(stock, warm(agent));
      void fill(stock);
    },
    countWarm: (agent) => stockOf(agent).waiting.filter((instance) => asleep.has(instance)).length,
    invalidate(agent) {
      const stock = stockOf(agent);
      stock.revision += 1;
      removeBeyond(stock, 0);
    },
    async probe(agent) {
      const stock = stockOf(agent);
      const { revision: code } = stock;
      const failure = await add(stock);
      if (stock.revision !== code) return { outcome: 'changed-again' };
      if (failure !== null) return { outcome: 'fails', why: failure };
      stock.workingRevision = code;
      // What waits may just have been replaced, too.
      removeBeyond(stock, Math.max(warm(agent), 1));
      void fill(stock);
      return { outcome: 'starts' };
    },
    retire(agent) {
      const stock = stocks.get(agent);
      stocks.delete(agent);
      if (stock) removeBeyond(stock, 0);
    },
    isOutdated(agent, instance) {
      const { revision: code, workingRevision: proven } = stockOf(agent);
      return proven === code && (codeOf.get(instance) ?? 0) < proven;
    },
    async close() {
      closing.abort();
      for (const stock of stocks.values()) removeBeyond(stock, 0);
      await Promise.all(removals);
    },
  };

  function stockOf(agent: AgentRuntime): AgentPool {
    let stock = stocks.get(agent);
    if (!stock) {
      stock = { agent, waiting: [], isFilling: false, revision: 0, workingRevision: 0 };
      stocks.set(agent, stock);
    }
    return stock;
  }

  function makeFrom(
    { agent, revision: code }: AgentPool,
    left: MachineStorage | null = null,
  ): Instance {
    const instance = make(agent, left ?? storage.create(agent));
    codeOf.set(instance, code);
    return instance;
  }

  async function refill(stock: AgentPool): Promise<void> {
    await sleep(REFILL_MILLISECONDS, undefined, { signal: closing.signal }).catch(() => {});
    await fill(stock);
  }

  /** One at a time: sessions that start go before. */
  async function fill(stock: AgentPool): Promise<void> {
    if (stock.isFilling) return;
    stock.isFilling = true;
    let failure: string | null = null;
    while (
      failure === null &&
      stock.waiting.length < warm(stock.agent) &&
      !closing.signal.aborted
    ) {
      failure = await add(stock);
    }
    stock.isFilling = false;
    if (failure === null || closing.signal.aborted) return;
    logger.warn(`${stock.agent.source.name}: none is kept warm, as it does not start. ${failure}`);
  }

  /** Adds one that waits; a session may take it before it is ready. Says why it does not start. */
  async function add(stock: AgentPool): Promise<string | null> {
    if (closing.signal.aborted) return null;
    const instance = makeFrom(stock);
    stock.waiting.push(instance);
    const waits = () => stock.waiting.includes(instance);
    try {
      await instance.ready;
      if (waits()) await instance.pause();
      asleep.add(instance);
    } catch (error) {
      // Whoever has taken it says so; what was removed need not start.
      if (!waits()) return null;
      remove(stock, instance);
      return (error as Error).message;
    }
    void instance.exited.then(() => {
      if (!waits()) return;
      remove(stock, instance);
      void refill(stock);
    });
    return null;
  }

  function removeBeyond(stock: AgentPool, kept: number): void {
    for (const instance of stock.waiting.slice(kept)) remove(stock, instance);
  }

  function remove({ agent, waiting }: AgentPool, instance: Instance): void {
    waiting.splice(waiting.indexOf(instance), 1);
    const removal = instance
      .close()
      .then(() => instance.storage && storage.discard(agent, instance.storage))
      .then(() => instance.deleteOutput())
      .catch((error: Error) =>
        logger.warn(
          `${agent.source.name}: files of a warm instance could not be removed: ${error.message}`,
        ),
      )
      .finally(() => removals.delete(removal));
    removals.add(removal);
  }
}
