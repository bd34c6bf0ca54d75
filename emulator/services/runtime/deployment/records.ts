import type {
  AgentRuntimeEndpointStatus,
  AgentRuntimeStatus,
  UpdateAgentRuntimeRequest,
} from '@aws-sdk/client-bedrock-agentcore-control';
import type { AgentSource } from '../agents.ts';
import type { Tags } from '../../tags/tags.ts';

/** What a version of a runtime is made of, in AWS's own shapes: an update sets the whole of it anew. */
export type VersionSettings = Omit<
  UpdateAgentRuntimeRequest,
  'agentRuntimeId' | 'clientToken' | 'roleArn'
> & { readonly roleArn: string };

/** A version of a runtime. What it is made of never changes. */
export interface RuntimeVersion {
  readonly runtimeId: string;
  /** Counts from 1. */
  readonly version: string;
  readonly createdAt: number;
  readonly settings: VersionSettings;
  /** What it runs; null as long as that has not been obtained. */
  readonly source: AgentSource | null;
  /** Why it was not obtained. */
  readonly failure: string | null;
}

/** A name under which a runtime is invoked; AWS calls it an endpoint, or the qualifier. */
export interface RuntimeEndpoint {
  readonly name: string;
  readonly id: string;
  readonly description: string | undefined;
  readonly createdAt: number;
  readonly lastUpdatedAt: number;
  readonly status: AgentRuntimeEndpointStatus;
  readonly failure: string | null;
  /** The version that new sessions run; null as long as there is none that runs. */
  readonly live: string | null;
  /** The version that it is on its way to. */
  readonly target: string;
  readonly tags: Tags;
  readonly policy: string | null;
  /** Whether the project's agentcore.json names it. */
  readonly ofProject: boolean;
}

/** An agent runtime, apart from its versions. A value: every change makes a new one. */
export interface RuntimeRecord {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly createdAt: number;
  readonly lastUpdatedAt: number;
  readonly status: AgentRuntimeStatus;
  readonly failure: string | null;
  /** The version that was made last. */
  readonly newest: string;
  readonly endpoints: readonly RuntimeEndpoint[];
  readonly tags: Tags;
  readonly policy: string | null;
  /** Whether it is one of the project's agents, which are registered with every start. */
  readonly ofProject: boolean;
}

/** AWS names the endpoint that every runtime has so, which follows the newest version. */
export const DEFAULT_ENDPOINT = 'DEFAULT';

/** A runtime whose first version is being obtained. */
export function newRuntime(
  identity: Pick<RuntimeRecord, 'id' | 'arn' | 'name' | 'tags' | 'ofProject'>,
  defaultEndpointId: string,
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
    endpoints: [newEndpoint({ name: DEFAULT_ENDPOINT, id: defaultEndpointId, target: newest }, at)],
    policy: null,
  };
}

/** An endpoint that is on its way to its first version. */
export function newEndpoint(
  given: Pick<RuntimeEndpoint, 'name' | 'id' | 'target'> & Partial<RuntimeEndpoint>,
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
    ...given,
  };
}

/** A runtime that gets one more version, to which its DEFAULT endpoint follows. */
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

/** An endpoint that is on its way to a version. */
export function retargetEndpoint(
  endpoint: RuntimeEndpoint,
  target: string,
  at: number,
): RuntimeEndpoint {
  return { ...endpoint, target, status: 'UPDATING', failure: null, lastUpdatedAt: at };
}

/** What becomes of a runtime, and of the endpoints that wait for it, when a version is obtained or not. */
export function settleVersion(
  runtime: RuntimeRecord,
  version: RuntimeVersion,
  at: number,
): RuntimeRecord {
  const endpoints = runtime.endpoints.map((endpoint) => settledEndpoint(endpoint, version, at));
  const isOurs = runtime.newest === version.version && isChanging(runtime);
  if (!isOurs) return { ...runtime, endpoints };
  const status = version.source ? 'READY' : failedFrom(runtime);
  return { ...runtime, endpoints, status, failure: version.failure, lastUpdatedAt: at };
}

function settledEndpoint(
  endpoint: RuntimeEndpoint,
  version: RuntimeVersion,
  at: number,
): RuntimeEndpoint {
  if (endpoint.target !== version.version || !isChanging(endpoint)) return endpoint;
  const settled = { ...endpoint, failure: version.failure, lastUpdatedAt: at };
  return version.source
    ? { ...settled, status: 'READY', live: version.version }
    : { ...settled, status: failedFrom(endpoint) };
}

function failedFrom({ status }: Pick<RuntimeRecord, 'status'>): 'CREATE_FAILED' | 'UPDATE_FAILED' {
  return status === 'CREATING' ? 'CREATE_FAILED' : 'UPDATE_FAILED';
}

/** Whether something is being made of it just now. */
export function isChanging({ status }: Pick<RuntimeRecord, 'status'>): boolean {
  return status === 'CREATING' || status === 'UPDATING' || status === 'DELETING';
}

/** A runtime with one of its endpoints changed. */
export function withEndpoint(
  runtime: RuntimeRecord,
  name: string,
  change: (endpoint: RuntimeEndpoint) => RuntimeEndpoint,
): RuntimeRecord {
  const endpoints = runtime.endpoints.map((each) => (each.name === name ? change(each) : each));
  return { ...runtime, endpoints };
}
