import type { Storage } from '../../../storage/storage.ts';
import type { ProjectAgentSource } from '../../../agentSource.ts';
import type { AgentRuntime } from '../agents.ts';
import type { RuntimeRecord, RuntimeVersion } from './records.ts';

/** All runtimes and their versions, stored in the data folder. */
export interface RuntimeStore {
  runtimes(): readonly RuntimeRecord[];
  runtime(id: string): RuntimeRecord | undefined;
  /** Oldest first. */
  versions(runtimeId: string): readonly RuntimeVersion[];
  version(runtimeId: string, version: string): RuntimeVersion | undefined;
  /** Returns the agent of a version, the same object at every call; null while it is not READY. */
  agent(runtimeId: string, version: string): AgentRuntime | null;
  /** Returns the source of the newest version that runs from the project's folder; null if there is none. */
  projectSource(runtimeId: string): ProjectAgentSource | null;
  save(runtime: RuntimeRecord): void;
  /** Versions of a new runtime are saved before it. */
  saveVersion(version: RuntimeVersion): void;
  remove(runtimeId: string): void;
  removeVersion(runtimeId: string, version: string): void;
}

const RUNTIME = 'runtime.';
const VERSION = 'version-of-runtime.';

/** Opens the store of a data folder. */
export function openRuntimeStore(storage: Storage, account: string): RuntimeStore {
  const runtimes = new Map(read<RuntimeRecord>(RUNTIME).map((runtime) => [runtime.id, runtime]));
  const versions = new Map<string, Map<string, RuntimeVersion>>();
  const agents = new WeakMap<object, AgentRuntime>();
  for (const version of read<RuntimeVersion>(VERSION)) {
    // Versions are written before their runtime and removed after it.
    if (runtimes.has(version.runtimeId)) addVersion(version);
    else storage.remove(key(version.runtimeId, version.version));
  }

  function read<Value>(prefix: string): Value[] {
    return storage.readAll(prefix).map((text) => JSON.parse(text) as Value);
  }

  function key(runtimeId: string, version: string): string {
    return `${VERSION}${runtimeId}.${version}`;
  }

  function addVersion(version: RuntimeVersion): void {
    const ofRuntime = versions.get(version.runtimeId) ?? new Map<string, RuntimeVersion>();
    versions.set(version.runtimeId, ofRuntime.set(version.version, version));
  }

  const sortedVersions = (runtimeId: string) =>
    [...(versions.get(runtimeId)?.values() ?? [])].toSorted(
      (a, b) => Number(a.version) - Number(b.version),
    );

  return {
    runtimes: () => [...runtimes.values()],
    runtime: (id) => runtimes.get(id),
    versions: sortedVersions,
    version: (runtimeId, version) => versions.get(runtimeId)?.get(version),
    agent(runtimeId, version) {
      const { source } = versions.get(runtimeId)?.get(version) ?? {};
      const runtime = runtimes.get(runtimeId);
      if (!source || !runtime) return null;
      let agent = agents.get(source);
      if (!agent) {
        agent = { id: runtimeId, arn: runtime.arn, account, version, source };
        agents.set(source, agent);
      }
      return agent;
    },
    projectSource(runtimeId) {
      const sources = sortedVersions(runtimeId).map(({ source }) => source);
      return sources.findLast((source) => source?.kind === 'project') ?? null;
    },
    save(runtime) {
      runtimes.set(runtime.id, runtime);
      storage.write(RUNTIME + runtime.id, JSON.stringify(runtime));
    },
    saveVersion(version) {
      addVersion(version);
      storage.write(key(version.runtimeId, version.version), JSON.stringify(version));
    },
    remove(runtimeId) {
      // The record first: versions without a record are not a runtime.
      runtimes.delete(runtimeId);
      storage.remove(RUNTIME + runtimeId);
      for (const version of versions.get(runtimeId)?.keys() ?? []) {
        storage.remove(key(runtimeId, version));
      }
      versions.delete(runtimeId);
    },
    removeVersion(runtimeId, version) {
      versions.get(runtimeId)?.delete(version);
      storage.remove(key(runtimeId, version));
    },
  };
}
