import type {
  AgentRuntimeEndpointStatus,
  AgentRuntimeStatus,
  UpdateAgentRuntimeRequest,
} from '@aws-sdk/client-bedrock-agentcore-control';
import type { AgentSource } from '../../../agentSource.ts';
import type { Tags } from '../../../tags.ts';

/** The settings of a version in AWS's own shapes. An update replaces them all. */
export type VersionSettings = Omit<
  UpdateAgentRuntimeRequest,
  'agentRuntimeId' | 'clientToken' | 'roleArn'
> & { readonly roleArn: string };

/** An immutable version of a runtime. */
export interface RuntimeVersion {
  readonly runtimeId: string;
  /** Starts at 1. */
  readonly version: string;
  readonly createdAt: number;
  readonly lastUpdatedAt: number;
  readonly settings: VersionSettings;
  /** The source to run; null until it is obtained. */
  readonly source: AgentSource | null;
  /** The reason if the source could not be obtained. */
  readonly failure: string | null;
}

/** An endpoint of a runtime, which invocations name as qualifier. */
export interface RuntimeEndpoint {
  /** Unique within the runtime. AWS also returns it as the endpoint's ID. */
  readonly name: string;
  readonly description: string | undefined;
  readonly createdAt: number;
  readonly lastUpdatedAt: number;
  readonly status: AgentRuntimeEndpointStatus;
  readonly failure: string | null;
  /** The version that new sessions run; null until one is READY. */
  readonly live: string | null;
  /** The version that the endpoint is moving to. */
  readonly target: string;
  readonly tags: Tags;
  readonly policy: string | null;
  /** True if the project's agentcore.json declares the endpoint. */
  readonly ofProject: boolean;
}

/** An agent runtime without its versions. Immutable: every change creates a new value. */
export interface RuntimeRecord {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly createdAt: number;
  readonly lastUpdatedAt: number;
  readonly status: AgentRuntimeStatus;
  readonly failure: string | null;
  /** The latest version. */
  readonly newest: string;
  readonly endpoints: readonly RuntimeEndpoint[];
  readonly tags: Tags;
  readonly policy: string | null;
  /** True for project agents, which are registered at every start. */
  readonly ofProject: boolean;
}

/** AWS's default endpoint of every runtime, which follows the newest version. */
export const DEFAULT_ENDPOINT = 'DEFAULT';

/** Creates a runtime whose first version is being obtained. */
export function newRuntime(
  identity: Pick<RuntimeRecord, 'id' | 'arn' | 'name' | 'tags' | 'ofProject'>,
  at: number,
): RuntimeRecord {
  const newest = '1';
  return {
    ...identity,
    createdAt: at,
    lastUpdatedAt: at,
    status: 'CREATING',
    failure: null,
    newest,
    endpoints: [newEndpoint({ name: DEFAULT_ENDPOINT, target: newest }, at)],
    policy: null,
  };
}

/** Creates an endpoint that is moving to its first version. */
export function newEndpoint(
  properties: Pick<RuntimeEndpoint, 'name' | 'target'> & Partial<RuntimeEndpoint>,
  at: number,
): RuntimeEndpoint {
  return {
    description: undefined,
    createdAt: at,
    lastUpdatedAt: at,
    status: 'CREATING',
    failure: null,
    live: null,
    tags: {},
    policy: null,
    ofProject: false,
    ...properties,
  };
}

/** Adds a version to a runtime, which its DEFAULT endpoint follows. */
export function startUpdate(runtime: RuntimeRecord, at: number): RuntimeRecord {
  const newest = String(Number(runtime.newest) + 1);
  const next: RuntimeRecord = {
    ...runtime,
    newest,
    status: 'UPDATING',
    failure: null,
    lastUpdatedAt: at,
  };
  return withEndpoint(next, DEFAULT_ENDPOINT, (endpoint) => retargetEndpoint(endpoint, newest, at));
}

/** Moves an endpoint to a version. */
export function retargetEndpoint(
  endpoint: RuntimeEndpoint,
  target: string,
  at: number,
): RuntimeEndpoint {
  return { ...endpoint, target, status: 'UPDATING', failure: null, lastUpdatedAt: at };
}

/** Applies the result of obtaining a version to its runtime and to the endpoints that wait for it. */
export function settleVersion(
  runtime: RuntimeRecord,
  version: RuntimeVersion,
  at: number,
): RuntimeRecord {
  const endpoints = runtime.endpoints.map((endpoint) => settleEndpoint(endpoint, version, at));
  const isNewest = runtime.newest === version.version && isChanging(runtime);
  if (!isNewest) return { ...runtime, endpoints };
  const status = version.source ? 'READY' : failedStatus(runtime);
  return { ...runtime, endpoints, status, failure: version.failure, lastUpdatedAt: at };
}

function settleEndpoint(
  endpoint: RuntimeEndpoint,
  version: RuntimeVersion,
  at: number,
): RuntimeEndpoint {
  if (endpoint.target !== version.version || !isChanging(endpoint)) return endpoint;
  const settled = { ...endpoint, failure: version.failure, lastUpdatedAt: at };
  return version.source
    ? { ...settled, status: 'READY', live: version.version }
    : { ...settled, status: failedStatus(endpoint) };
}

function failedStatus({
  status,
}: Pick<RuntimeRecord, 'status'>): 'CREATE_FAILED' | 'UPDATE_FAILED' {
  return status === 'CREATING' ? 'CREATE_FAILED' : 'UPDATE_FAILED';
}

/** True while the resource is being created, updated or deleted. */
export function isChanging({ status }: Pick<RuntimeRecord, 'status'>): boolean {
  return status === 'CREATING' || status === 'UPDATING' || status === 'DELETING';
}

/** Returns a runtime with one endpoint changed. */
export function withEndpoint(
  runtime: RuntimeRecord,
  name: string,
  change: (endpoint: RuntimeEndpoint) => RuntimeEndpoint,
): RuntimeRecord {
  const endpoints = runtime.endpoints.map((each) => (each.name === name ? change(each) : each));
  return { ...runtime, endpoints };
}
