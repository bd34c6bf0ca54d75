import { conflict, notFound } from '../../../wire/errors.ts';
import type { RuntimeStore } from './runtimeStore.ts';
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
export function createResourceLookup(store: RuntimeStore): ResourceLookup {
  function find(id = ''): RuntimeRecord {
    const runtime = store.runtime(id);
    if (runtime) return runtime;
    const known = store.runtimes().map((each) => each.id);
    throw notFound(`No agent runtime '${id}' here. The emulator has: ${formatList(known)}`);
  }

  return {
    runtime: find,
    active(id) {
      const runtime = find(id);
      if (runtime.status === 'DELETING') throw conflict(`${runtime.id} is being deleted`);
      return runtime;
    },
    version(runtime, name) {
      const version = store.version(runtime.id, name);
      if (version) return version;
      const known = store.versions(runtime.id).map((each) => each.version);
      throw notFound(`${runtime.id} has no version '${name}'; it has ${formatList(known)}`);
    },
    endpoint(runtime, name = '') {
      const endpoint = runtime.endpoints.find((each) => each.name === name);
      if (endpoint) return endpoint;
      const known = runtime.endpoints.map((each) => each.name);
      throw notFound(`${runtime.id} has no endpoint '${name}'; it has ${formatList(known)}`);
    },
  };
}

function formatList(names: readonly string[]): string {
  return names.join(', ') || 'none';
}
