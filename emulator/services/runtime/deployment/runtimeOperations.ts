import type {
  AgentRuntime as RuntimeItem,
  CreateAgentRuntimeRequest,
  CreateAgentRuntimeResponse,
  DeleteAgentRuntimeRequest,
  DeleteAgentRuntimeResponse,
  GetAgentRuntimeRequest,
  GetAgentRuntimeResponse,
  ListAgentRuntimesRequest,
  ListAgentRuntimesResponse,
  ListAgentRuntimeVersionsRequest,
  ListAgentRuntimeVersionsResponse,
  UpdateAgentRuntimeRequest,
  UpdateAgentRuntimeResponse,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { conflict, quotaExceeded } from '../../../wire/errors.ts';
import { newId } from '../../../wire/newId.ts';
import { runtimeArn } from './names.ts';
import { projectArtifact, requireOwnArtifact } from './projectArtifact.ts';
import { paginate } from '../../../wire/paging.ts';
import {
  newRuntime,
  DEFAULT_ENDPOINT,
  isChanging,
  startUpdate,
  type RuntimeRecord,
  type VersionSettings,
  type RuntimeVersion,
} from './records.ts';
import { describeSettings, readSettings, ignoredSettings } from './settings.ts';
import type { OperationDependencies } from './operationDependencies.ts';
import { refuseReserved } from '../../tags/tags.ts';

// AWS's quotas per account and per runtime.
const MAX_RUNTIMES = 1_000;
const MAX_VERSIONS = 1_000;

/** Settings of a runtime that are not emulated. */
const lacks = 'VPCs, EFS and S3 mounts, capacity providers, workload identities';

/** Creates the operations on runtimes and versions. */
export function createRuntimeOperations({
  store,
  find,
  replies,
  rollout,
  removal,
  clock,
  scope,
  logger,
}: OperationDependencies) {
  /** Stores a version and starts its rollout. */
  function begin(runtime: RuntimeRecord, settings: VersionSettings): void {
    const version: RuntimeVersion = {
      runtimeId: runtime.id,
      version: runtime.newest,
      createdAt: runtime.lastUpdatedAt,
      settings,
      source: null,
      failure: null,
    };
    for (const warning of ignoredSettings(settings)) logger.warn(`${runtime.id}: ${warning}`);
    store.saveVersion(version);
    store.save(runtime);
    rollout.begin(version);
  }

  function create(input: CreateAgentRuntimeRequest): CreateAgentRuntimeResponse {
    const { agentRuntimeName: name = '', tags = {} } = input;
    const settings = readSettings(input);
    requireOwnArtifact(settings.agentRuntimeArtifact, null);
    refuseReserved(tags);
    const all = store.runtimes();
    const existing = all.find((runtime) => runtime.name === name);
    if (existing) throw conflict(`An agent runtime '${name}' already exists: ${existing.arn}`);
    if (all.length >= MAX_RUNTIMES) {
      throw quotaExceeded(
        `There are ${MAX_RUNTIMES} agent runtimes, which is AWS's quota. Delete one.`,
      );
    }
    const id = newId(name);
    const identity = { id, arn: runtimeArn(id, scope), name, tags, ofProject: false };
    const runtime = newRuntime(identity, newId(DEFAULT_ENDPOINT), clock.now());
    begin(runtime, settings);
    return {
      ...identify(runtime),
      createdAt: new Date(runtime.createdAt),
      status: runtime.status,
    };
  }

  function update(input: UpdateAgentRuntimeRequest): UpdateAgentRuntimeResponse {
    const current = find.active(input.agentRuntimeId);
    const settings = readSettings(input);
    const project = store.projectSource(current.id);
    requireOwnArtifact(
      settings.agentRuntimeArtifact,
      project && projectArtifact(current.id, project),
    );
    requireSettled(current, 'updated');
    if (store.versions(current.id).length >= MAX_VERSIONS) {
      throw quotaExceeded(
        `${current.id} has ${MAX_VERSIONS} versions, which is AWS's quota. Delete one.`,
      );
    }
    const runtime = startUpdate(current, clock.now());
    begin(runtime, settings);
    return {
      ...identify(runtime),
      createdAt: new Date(runtime.createdAt),
      lastUpdatedAt: new Date(runtime.lastUpdatedAt),
      status: runtime.status,
    };
  }

  function remove(input: DeleteAgentRuntimeRequest): DeleteAgentRuntimeResponse {
    const runtime = find.active(input.agentRuntimeId);
    requireSettled(runtime, 'deleted');
    const { agentRuntimeVersion } = input;
    if (agentRuntimeVersion === undefined) {
      removal.removeRuntime(runtime);
      return { agentRuntimeId: runtime.id, status: 'DELETING' };
    }
    const version = find.version(runtime, agentRuntimeVersion);
    const users = runtime.endpoints.filter(({ live, target }) =>
      [live, target].includes(version.version),
    );
    if (users.length > 0) {
      const names = users.map(({ name }) => name).join(', ');
      throw conflict(
        `Version ${version.version} of ${runtime.id} is in use by ${names}. Change an endpoint's version with UpdateAgentRuntimeEndpoint, and that of DEFAULT with UpdateAgentRuntime.`,
      );
    }
    removal.removeVersion(version);
    return { agentRuntimeId: runtime.id, agentRuntimeVersion, status: 'DELETING' };
  }

  function get(input: GetAgentRuntimeRequest): GetAgentRuntimeResponse {
    const runtime = find.runtime(input.agentRuntimeId);
    const version = find.version(runtime, input.agentRuntimeVersion ?? runtime.newest);
    const { lastUpdatedAt, status, failure } = readState(runtime, version);
    return {
      ...describeSettings(version.settings),
      agentRuntimeName: runtime.name,
      ...identify(runtime),
      agentRuntimeVersion: version.version,
      createdAt: new Date(runtime.createdAt),
      lastUpdatedAt: new Date(lastUpdatedAt),
      status,
      failureReason: failure ?? undefined,
    };
  }

  function toItem(runtime: RuntimeRecord, version: RuntimeVersion): RuntimeItem {
    const { lastUpdatedAt, status } = readState(runtime, version);
    return {
      ...identify(runtime),
      agentRuntimeVersion: version.version,
      agentRuntimeName: runtime.name,
      description: version.settings.description ?? '',
      lastUpdatedAt: new Date(lastUpdatedAt),
      status,
    };
  }

  function list(input: ListAgentRuntimesRequest): ListAgentRuntimesResponse {
    const { items, nextToken } = paginate('runtimes', store.runtimes(), ({ id }) => id, input);
    const agentRuntimes = items.map((it) => toItem(it, find.version(it, it.newest)));
    return { agentRuntimes, nextToken };
  }

  function listVersions(input: ListAgentRuntimeVersionsRequest): ListAgentRuntimeVersionsResponse {
    const runtime = find.runtime(input.agentRuntimeId);
    const versions = store.versions(runtime.id);
    const order = ({ version }: RuntimeVersion) => version.padStart(5, '0');
    const { items, nextToken } = paginate(`versions of ${runtime.id}`, versions, order, input);
    return { agentRuntimes: items.map((version) => toItem(runtime, version)), nextToken };
  }

  return {
    CreateAgentRuntime: {
      lacks,
      handle: (input: CreateAgentRuntimeRequest) =>
        replies.once('CreateAgentRuntime', input, () => create(input)),
    },
    UpdateAgentRuntime: {
      lacks,
      handle: (input: UpdateAgentRuntimeRequest) =>
        replies.once(`UpdateAgentRuntime ${input.agentRuntimeId}`, input, () => update(input)),
    },
    DeleteAgentRuntime: {
      handle: (input: DeleteAgentRuntimeRequest) =>
        replies.once(`DeleteAgentRuntime ${input.agentRuntimeId}`, input, () => remove(input)),
    },
    GetAgentRuntime: { handle: async (input: GetAgentRuntimeRequest) => get(input) },
    ListAgentRuntimes: { handle: async (input: ListAgentRuntimesRequest) => list(input) },
    ListAgentRuntimeVersions: {
      handle: async (input: ListAgentRuntimeVersionsRequest) => listVersions(input),
    },
  };
}

function identify({ arn, id, newest }: RuntimeRecord) {
  return { agentRuntimeArn: arn, agentRuntimeId: id, agentRuntimeVersion: newest };
}

/** Returns the status of a version: the newest has its runtime's. */
function readState(
  runtime: RuntimeRecord,
  version: RuntimeVersion,
): Pick<RuntimeRecord, 'lastUpdatedAt' | 'status' | 'failure'> {
  if (version.version === runtime.newest) return runtime;
  const { createdAt: lastUpdatedAt, source, failure } = version;
  if (source) return { lastUpdatedAt, status: 'READY', failure };
  // A project agent may have a newer version by now.
  if (failure === null) return { lastUpdatedAt, status: 'UPDATING', failure };
  const status = version.version === '1' ? 'CREATE_FAILED' : 'UPDATE_FAILED';
  return { lastUpdatedAt, status, failure };
}

function requireSettled(runtime: RuntimeRecord, change: string): void {
  if (!isChanging(runtime)) return;
  throw conflict(
    `${runtime.id} is ${runtime.status} and cannot be ${change} now. Wait until GetAgentRuntime reports another status.`,
  );
}
