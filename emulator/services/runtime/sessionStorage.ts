import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Compute, MachineIdentity, MachineStorage } from '../../compute/compute.ts';
import type { Logger } from '../../log.ts';
import { SESSION_STORAGE_PREFIX as PREFIX } from '../../storage/sessionStorageRecords.ts';
import type { Storage } from '../../storage/storage.ts';
import type { AgentRuntime } from './agents.ts';

/** Assigns storage to sessions. The computes manage its content. */
export interface SessionStorage {
  /** Finds the storage of the session's earlier runs; null if there is none. */
  find(agent: AgentRuntime, sessionId: string): MachineStorage | null;
  /** Creates empty storage for a machine; null if the agent has no mounts. */
  create(agent: AgentRuntime): MachineStorage | null;
  /**
   * Assigns the storage to a session. Its retention period starts when the session releases it. If
   * the record cannot be written, `warn` gets the problem and the session continues without it.
   */
  attach(
    agent: AgentRuntime,
    sessionId: string,
    storage: MachineStorage,
    warn: (problem: string) => void,
  ): { release(): void };
  /** Removes storage that was never assigned to a session. */
  discard(agent: AgentRuntime, storage: MachineStorage): Promise<void>;
  /** Removes the storage of all sessions of a runtime, or of one version. None of them may run. */
  removeFor(runtimeId: string, version?: string): Promise<void>;
}

/** AWS's retention period for the storage of a session that is not invoked. */
const RETENTION_MILLISECONDS = 14 * 24 * 60 * 60 * 1000;

/** The record of a storage in the data folder, which survives a restart of the emulator. */
interface StorageEntry {
  readonly id: string;
  /** Identifies the session. It includes the version, because a new version starts empty, as in AWS. */
  readonly holder: string;
  /** The kind of compute that can mount it. */
  readonly kind: MachineIdentity['kind'];
  readonly lastUsed: number;
}

/** The holder of storage that no session has used yet. */
const UNASSIGNED = 'unassigned';

/** Loads the storage records of the data folder and removes storage after its retention period. */
export function createSessionStorage({
  storage,
  clock,
  computes,
  chooseKind,
  logger,
}: {
  storage: Storage;
  clock: Clock;
  computes: Readonly<Record<MachineIdentity['kind'], Pick<Compute, 'removeStorage'>>>;
  chooseKind: (agent: AgentRuntime) => MachineIdentity['kind'];
  logger: Logger;
}): SessionStorage {
  // Ordered by last use: an entry is added when its session ends and removed when it starts again.
  const unused = new Map<string, StorageEntry>();
  let isExpiryScheduled = false;

  const records = storage.readAll(PREFIX).map((text) => JSON.parse(text) as StorageEntry);
  for (const entry of records.toSorted((a, b) => a.lastUsed - b.lastUsed)) {
    // Warm machines ended with the emulator that started them.
    if (entry.holder === UNASSIGNED) void remove(entry);
    else unused.set(entry.holder, entry);
  }
  scheduleExpiry();

  // One timer serves all entries. It is set for the oldest entry and does not move when that is used
  // again: if it fires too early, it is set again.
  function scheduleExpiry(): void {
    const [first] = unused.values();
    if (!first || isExpiryScheduled) return;
    isExpiryScheduled = true;
    clock.at(first.lastUsed + RETENTION_MILLISECONDS, async () => {
      isExpiryScheduled = false;
      const isExpired = ({ lastUsed }: StorageEntry) =>
        lastUsed + RETENTION_MILLISECONDS <= clock.now();
      await Promise.all([...unused.values()].filter(isExpired).map(remove));
      scheduleExpiry();
    });
  }

  async function remove({ id, holder, kind }: StorageEntry): Promise<void> {
    // Even if the removal fails, the session's next run gets empty storage.
    unused.delete(holder);
    const warn = (error: Error) =>
      logger.warn(`Could not remove the session storage ${id}: ${error.message}`);
    try {
      storage.remove(PREFIX + id);
    } catch (error) {
      warn(error as Error);
    }
    await computes[kind].removeStorage(id).catch(warn);
  }

  /** Writes the record before the storage has content, in case the emulator is killed. */
  function write(
    agent: AgentRuntime,
    id: string,
    holder: string,
    warn: (problem: string) => void,
  ): StorageEntry {
    const entry = { id, holder, kind: chooseKind(agent), lastUsed: clock.now() };
    try {
      storage.write(PREFIX + id, JSON.stringify(entry));
    } catch (error) {
      // The session continues. Only the next emulator would not find its storage.
      warn(
        `Could not save the record of the session storage: ${(error as Error).message}. Free some disk space, or the storage may be empty after a restart.`,
      );
    }
    return entry;
  }

  const listMounts = ({ source }: AgentRuntime) => source.mounts ?? [];
  const identifyHolder = (agent: AgentRuntime, sessionId: string) =>
    JSON.stringify([agent.id, agent.version, sessionId, chooseKind(agent)]);

  return {
    find(agent, sessionId) {
      const mounts = listMounts(agent);
      const entry = unused.get(identifyHolder(agent, sessionId));
      return entry && mounts.length > 0 ? { id: entry.id, mounts } : null;
    },
    create(agent) {
      const mounts = listMounts(agent);
      if (mounts.length === 0) return null;
      const warn = (problem: string) => logger.warn(`${agent.source.name}: ${problem}`);
      return { id: write(agent, randomUUID(), UNASSIGNED, warn).id, mounts };
    },
    attach(agent, sessionId, { id }, warn) {
      const holder = identifyHolder(agent, sessionId);
      unused.delete(holder);
      write(agent, id, holder, warn);
      return {
        release() {
          unused.set(holder, write(agent, id, holder, warn));
          scheduleExpiry();
        },
      };
    },
    discard: (agent, { id }) =>
      remove({ id, holder: UNASSIGNED, kind: chooseKind(agent), lastUsed: 0 }),
    async removeFor(runtimeId, version) {
      const matches = ({ holder }: StorageEntry) => {
        const [holderRuntime, holderVersion] = JSON.parse(holder) as string[];
        return holderRuntime === runtimeId && (version === undefined || holderVersion === version);
      };
      await Promise.all([...unused.values()].filter(matches).map(remove));
    },
  };
}
