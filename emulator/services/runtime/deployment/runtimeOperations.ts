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
  WorkloadIdentityDetails,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { conflict, quotaExceeded } from '../../../wire/errors.ts';
import { newId } from '../../../wire/newId.ts';
import { runtimeArn, workloadIdentityArn } from './names.ts';
import { isProjectArtifact, projectArtifact, requireOwnArtifact } from './projectArtifact.ts';
import { paginate } from '../../../wire/paging.ts';
import {
  DEFAULT_ENDPOINT,
  newRuntime,
  isChanging,
  startUpdate,
  type RuntimeRecord,
  type VersionSettings,
  type RuntimeVersion,
} from './records.ts';
import { describeSettings, readSettings, ignoredSettings } from './settings.ts';
import { invalidSettings } from './validateSettings.ts';
import type { OperationDependencies } from './operationDependencies.ts';
import { modifiedByAnother } from './resourceLookup.ts';
import { refuseReserved } from '../../../tags.ts';

// AWS's quotas per account and per runtime.
const MAX_RUNTIMES = 1_000;
const MAX_VERSIONS = 1_000;

/** Settings of a runtime that are not emulated. */
const lacks = 'VPCs, EFS and S3 mounts, capacity providers, memory sizes, workload identities';

/** Creates the operations on runtimes and versions. */
export function createRuntimeOperations({
  store,
  find,
  replies,
  rollout,
  removal,
  isImageMissing,
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
      lastUpdatedAt: runtime.lastUpdatedAt,
      settings,
      source: null,
      failure: null,
    };
    for (const warning of ignoredSettings(settings)) logger.warn(`${runtime.id}: ${warning}`);
    store.saveVersion(version);
    store.save(runtime);
    rollout.begin(version);
  }

  async function requireImage({
    agentRuntimeArtifact,
  }: Pick<VersionSettings, 'agentRuntimeArtifact'>): Promise<void> {
    const { containerUri } = agentRuntimeArtifact?.containerConfiguration ?? {};
    if (containerUri === undefined || isProjectArtifact(agentRuntimeArtifact)) return;
    if (!(await isImageMissing(containerUri))) return;
    throw invalidSettings(
      'The specified image identifier does not exist in the repository. Verify the image tag format and repository name.',
      `Neither the container engine nor the registry has ${containerUri}. Push the image, or build it with this tag.`,
    );
  }

  async function create(input: CreateAgentRuntimeRequest): Promise<CreateAgentRuntimeResponse> {
    const { agentRuntimeName: name = '', tags = {} } = input;
    const settings = readSettings(input);
    requireOwnArtifact(settings.agentRuntimeArtifact, null);
    refuseReserved(tags);
    await requireImage(settings);
    const all = store.runtimes();
    const existing = all.find((runtime) => runtime.name === name);
    if (existing) {
      throw conflict(`An agent with the specified name already exists. It is ${existing.arn}.`);
    }
    if (all.length >= MAX_RUNTIMES) {
      throw quotaExceeded(
        `There are ${MAX_RUNTIMES} agent runtimes, which is AWS's quota. Delete one.`,
      );
    }
    const id = newId(name);
    const identity = { id, arn: runtimeArn(id, scope), name, tags, ofProject: false };
    const runtime = newRuntime(identity, clock.now());
    begin(runtime, settings);
    return {
      ...identify(runtime),
      workloadIdentityDetails: workloadIdentity(runtime),
      createdAt: new Date(runtime.createdAt),
      status: runtime.status,
    };
  }

  /** Returns an update's runtime and settings; throws for what AWS rejects. */
  function readUpdate(input: UpdateAgentRuntimeRequest) {
    const current = find.active(input.agentRuntimeId);
    const { settings: previous } = find.version(current, current.newest);
    // AWS resets the other settings that an update omits.
    const { platformVersion = previous.platformVersion } = input;
    const settings = readSettings({ ...input, platformVersion });
    const project = store.projectSource(current.id);
    requireOwnArtifact(
      settings.agentRuntimeArtifact,
      project && projectArtifact(current.id, project),
    );
    requireSettled(current);
    requireSameArtifactType(settings, previous);
    if (store.versions(current.id).length >= MAX_VERSIONS) {
      throw quotaExceeded(
        `${current.id} has ${MAX_VERSIONS} versions, which is AWS's quota. Delete one.`,
      );
    }
    return { current, settings };
  }

  async function update(input: UpdateAgentRuntimeRequest): Promise<UpdateAgentRuntimeResponse> {
    await requireImage(readUpdate(input).settings);
    // The runtime may have changed while the registry was asked.
    const { current, settings } = readUpdate(input);
    const runtime = startUpdate(current, clock.now());
    begin(runtime, settings);
    return {
      ...identify(runtime),
      workloadIdentityDetails: workloadIdentity(runtime),
      createdAt: new Date(runtime.createdAt),
      lastUpdatedAt: new Date(runtime.lastUpdatedAt),
      status: runtime.status,
    };
  }

  function remove(input: DeleteAgentRuntimeRequest): DeleteAgentRuntimeResponse {
    const runtime = find.active(input.agentRuntimeId);
    requireSettled(runtime);
    const { agentRuntimeVersion } = input;
    if (agentRuntimeVersion === undefined) {
      requireNoNamedEndpoint(runtime);
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
    const { agentRuntimeVersion } = input;
    const version = find.version(runtime, agentRuntimeVersion ?? runtime.newest);
    const { createdAt, lastUpdatedAt } = agentRuntimeVersion === undefined ? runtime : version;
    const { status, failure } = readState(runtime, version);
    return {
      ...describeSettings(version.settings),
      agentRuntimeName: runtime.name,
      ...identify(runtime),
      agentRuntimeVersion: version.version,
      workloadIdentityDetails: workloadIdentity(runtime),
      createdAt: new Date(createdAt),
      lastUpdatedAt: new Date(lastUpdatedAt),
      status,
      failureReason: failure ?? undefined,
    };
  }

  function toItem(runtime: RuntimeRecord, version: RuntimeVersion): RuntimeItem {
    return {
      ...identify(runtime),
      agentRuntimeVersion: version.version,
      agentRuntimeName: runtime.name,
      // The model requires it, but AWS omits it where none was given.
      description: version.settings.description,
      lastUpdatedAt: new Date(version.lastUpdatedAt),
      status: readState(runtime, version).status,
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
    const newestFirst = ({ version }: RuntimeVersion) => String(99_999 - Number(version));
    const { items, nextToken } = paginate(
      `versions of ${runtime.id}`,
      versions,
      newestFirst,
      input,
    );
    return { agentRuntimes: items.map((version) => toItem(runtime, version)), nextToken };
  }

  function workloadIdentity({ id }: RuntimeRecord): WorkloadIdentityDetails {
    return { workloadIdentityArn: workloadIdentityArn(id, scope) };
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
): Pick<RuntimeRecord, 'status' | 'failure'> {
  if (version.version === runtime.newest) return runtime;
  const { source, failure } = version;
  if (source) return { status: 'READY', failure };
  // A project agent may have a newer version by now.
  if (failure === null) return { status: 'UPDATING', failure };
  return { status: version.version === '1' ? 'CREATE_FAILED' : 'UPDATE_FAILED', failure };
}

function requireSettled(runtime: RuntimeRecord): void {
  if (!isChanging(runtime)) return;
  throw modifiedByAnother(runtime);
}

function requireSameArtifactType(settings: VersionSettings, previous: VersionSettings): void {
  const [type, before] = [settings, previous].map(({ agentRuntimeArtifact = {} }) =>
    'containerConfiguration' in agentRuntimeArtifact ? 'a container image' : 'code',
  );
  if (type === before) return;
  throw invalidSettings(
    'Agent artifact type cannot be updated',
    `The runtime runs ${before}, and the update has ${type}. Create another runtime.`,
  );
}

function requireNoNamedEndpoint({ endpoints }: RuntimeRecord): void {
  const named = endpoints.filter(({ name }) => name !== DEFAULT_ENDPOINT);
  if (named.length === 0) return;
  const names = named.map(({ name }) => name).join(', ');
  throw conflict(
    `This agent has endpoints that must be deleted before the agent can be removed. Delete ${names} with DeleteAgentRuntimeEndpoint.`,
  );
}
