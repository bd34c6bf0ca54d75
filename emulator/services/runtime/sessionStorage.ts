import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Compute, MachineIdentity, MachineStorage } from '../../compute/compute.ts';
import type { Logger } from '../../log.ts';
import type { Storage } from '../../storage/storage.ts';
import type { AgentRuntime } from './agents.ts';

/** Which storage is whose. What is in it is the computes' affair. */
export interface SessionStorage {
  /** What earlier lives of a session left; null where there is nothing. */
  find(agent: AgentRuntime, sessionId: string): MachineStorage | null;
  /** An empty one, for a machine; null where the agent has no mounts. */
  create(agent: AgentRuntime): MachineStorage | null;
  /**
   * Makes it a session's. When its machine is gone it is released, and counts as unused. A record
   * that cannot be written is reported to `warn`, and the session goes on without it.
   */
  attach(
    agent: AgentRuntime,
    sessionId: string,
    storage: MachineStorage,
    warn: (problem: string) => void,
  ): { release(): void };
  /** Removes an empty one that no session has had. */
  discard(agent: AgentRuntime, storage: MachineStorage): Promise<void>;
  /** Removes what sessions left of a runtime, or of one version of it; none of them runs any more. */
  removeFor(runtimeId: string, version?: string): Promise<void>;
}

/** How long AWS keeps the storage of a session that nobody invokes. */
const RETENTION_MILLISECONDS = 14 * 24 * 60 * 60 * 1000;

/** Written for each storage, so that it outlives the emulator. */
interface StorageEntry {
  readonly id: string;
  /** Whose it is; a new version of a runtime starts with empty storage, as in AWS. */
  readonly holder: string;
  /** In what the machines run that can mount it. */
  readonly kind: MachineIdentity['kind'];
  readonly lastUsed: number;
}

const PREFIX = 'session-storage.';

/** The holder of one that no session has had yet. */
const UNASSIGNED = 'nobody';

/** True for a session storage of this data folder that was not removed. */
export function isSessionStorage(storage: Pick<Storage, 'read'>, id: string): boolean {
  return storage.read(PREFIX + id) !== undefined;
}

/** Knows the storages that are written down in the data folder, and ends those that are too old. */
export function createSessionStorage({
  storage,
  clock,
  computes,
  kindOf,
  logger,
}: {
  storage: Storage;
  clock: Clock;
  computes: Readonly<Record<MachineIdentity['kind'], Pick<Compute, 'removeStorage'>>>;
  kindOf: (agent: AgentRuntime) => MachineIdentity['kind'];
  logger: Logger;
}): SessionStorage {
  // Longest unused first: an entry is put in when its session ends, and out when that starts anew.
  const unused = new Map<string, StorageEntry>();
  let awaitsExpiry = false;

  const written = storage.readAll(PREFIX).map((text) => JSON.parse(text) as StorageEntry);
  for (const entry of written.toSorted((a, b) => a.lastUsed - b.lastUsed)) {
    // Machines that waited for a session went with the emulator that made them.
    if (entry.holder === UNASSIGNED) void remove(entry);
    else unused.set(entry.holder, entry);
  }
  awaitExpiry();

  // One timer for all. It is set for the entry that comes first and not moved when that is used
  // again: when it comes too early, it is set again.
  function awaitExpiry(): void {
    const [first] = unused.values();
    if (!first || awaitsExpiry) return;
    awaitsExpiry = true;
    clock.at(first.lastUsed + RETENTION_MILLISECONDS, async () => {
      awaitsExpiry = false;
      const isOver = ({ lastUsed }: StorageEntry) =>
        lastUsed + RETENTION_MILLISECONDS <= clock.now();
      await Promise.all([...unused.values()].filter(isOver).map(remove));
      awaitExpiry();
    });
  }

  async function remove({ id, holder, kind }: StorageEntry): Promise<void> {
    // Whatever comes of the rest: the session's next life finds it empty.
    unused.delete(holder);
    const warn = (error: Error) =>
      logger.warn(`the session storage ${id} could not be removed: ${error.message}`);
    try {
      storage.remove(PREFIX + id);
    } catch (error) {
      warn(error as Error);
    }
    await computes[kind].removeStorage(id).catch(warn);
  }

  /** Writes it down before there is anything to be forgotten, should the emulator be killed. */
  function write(
    agent: AgentRuntime,
    id: string,
    holder: string,
    warn: (problem: string) => void,
  ): StorageEntry {
    const entry = { id, holder, kind: kindOf(agent), lastUsed: clock.now() };
    try {
      storage.write(PREFIX + id, JSON.stringify(entry));
    } catch (error) {
      // On a full disk the session goes on: only the next emulator would not find its storage.
      warn(
        `the record of the session storage could not be saved: ${(error as Error).message}. Free some disk space, or the session may find its storage empty after a restart`,
      );
    }
    return entry;
  }

  const mountsOf = ({ source }: AgentRuntime) => source.mounts ?? [];
  const holderOf = (agent: AgentRuntime, sessionId: string) =>
    JSON.stringify([agent.id, agent.version, sessionId, kindOf(agent)]);

  return {
    find(agent, sessionId) {
      const mounts = mountsOf(agent);
      const entry = unused.get(holderOf(agent, sessionId));
      return entry && mounts.length > 0 ? { id: entry.id, mounts } : null;
    },
    create(agent) {
      const mounts = mountsOf(agent);
      if (mounts.length === 0) return null;
      const warn = (problem: string) => logger.warn(`${agent.source.name}: ${problem}`);
      return { id: write(agent, randomUUID(), UNASSIGNED, warn).id, mounts };
    },
    attach(agent, sessionId, { id }, warn) {
      const holder = holderOf(agent, sessionId);
      unused.delete(holder);
      write(agent, id, holder, warn);
      return {
        release() {
          unused.set(holder, write(agent, id, holder, warn));
          awaitExpiry();
        },
      };
    },
    discard: (agent, { id }) =>
      remove({ id, holder: UNASSIGNED, kind: kindOf(agent), lastUsed: 0 }),
    async removeFor(runtimeId, version) {
      const isOf = ({ holder }: StorageEntry) => {
        const [id, ofVersion] = JSON.parse(holder) as string[];
        return id === runtimeId && (version === undefined || ofVersion === version);
      };
      await Promise.all([...unused.values()].filter(isOf).map(remove));
    },
  };
}
