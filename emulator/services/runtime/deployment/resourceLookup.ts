import { conflict, notFound, type WireError } from '../../../wire/errors.ts';
import type { RuntimeStore } from './runtimeStore.ts';
import type { ArnScope } from './names.ts';
import type { RuntimeEndpoint, RuntimeRecord, RuntimeVersion } from './records.ts';

/** Finds the resources that an operation names, or throws an error that lists what exists. */
export interface ResourceLookup {
  runtime(id: string | undefined): RuntimeRecord;
  /** A runtime that is not being deleted. */
  active(id: string | undefined): RuntimeRecord;
  version(runtime: RuntimeRecord, version: string): RuntimeVersion;
  endpoint(runtime: RuntimeRecord, name: string | undefined): RuntimeEndpoint;
}

/** Creates the lookup of a runtime store. */
export function createResourceLookup(
  store: RuntimeStore,
  { account }: Pick<ArnScope, 'account'>,
): ResourceLookup {
  function missingAgent(id: string, version: string | null, explanation: string): WireError {
    return notFound(
      `Agent with agentId: ${id}, accountId: ${account}, and version: ${version} not found! ${explanation}`,
    );
  }

  function find(id = ''): RuntimeRecord {
    const runtime = store.runtime(id);
    if (runtime) return runtime;
    const known = store.runtimes().map((each) => each.id);
    throw missingAgent(id, null, `The emulator has: ${formatList(known)}`);
  }

  return {
    runtime: find,
    active(id) {
      const runtime = find(id);
      if (runtime.status === 'DELETING') throw modifiedByAnother(runtime);
      return runtime;
    },
    version(runtime, name) {
      const version = store.version(runtime.id, name);
      if (version) return version;
      const known = store.versions(runtime.id).map((each) => each.version);
      throw missingAgent(runtime.id, name, `The runtime has the versions ${formatList(known)}.`);
    },
    endpoint(runtime, name = '') {
      const endpoint = runtime.endpoints.find((each) => each.name === name);
      if (endpoint) return endpoint;
      const known = runtime.endpoints.map((each) => each.name);
      throw notFound(
        `${runtime.id} has no endpoint '${name}'. Its endpoints: ${formatList(known)}`,
      );
    },
  };
}

/** Refuses a change of a resource that is being created, updated or deleted. */
export function modifiedByAnother({ id, status }: RuntimeRecord): WireError {
  return conflict(
    `The agent is currently being modified by another operation. Current status: ${status}. Wait until GetAgentRuntime reports another status of ${id}.`,
  );
}

function formatList(names: readonly string[]): string {
  return names.join(', ') || 'none';
}
