import type {
  AgentRuntimeEndpointStatus,
  AgentRuntimeStatus,
  UpdateAgentRuntimeRequest,
} from '@aws-sdk/client-bedrock-agentcore-control';
import type { AgentSource } from '../agents.ts';
import type { Tags } from '../../tags/tags.ts';

/** What a version of a runtime is made of, in AWS's own shapes: an update sets the whole of it anew. */
export type Settings = Omit<
  UpdateAgentRuntimeRequest,
  'agentRuntimeId' | 'clientToken' | 'roleArn'
> & { readonly roleArn: string };

/** A version of a runtime. What it is made of never changes. */
export interface Version {
  readonly runtimeId: string;
  /** Counts from 1. */
  readonly version: string;
  readonly createdAt: number;
  readonly settings: Settings;
  /** What it runs; null as long as that has not been obtained. */
  readonly source: AgentSource | null;
  /** Why it was not obtained. */
  readonly failure: string | null;
}

/** A name under which a runtime is invoked; AWS calls it an endpoint, or the qualifier. */
export interface Endpoint {
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
export interface Runtime {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly createdAt: number;
  readonly lastUpdatedAt: number;
  readonly status: AgentRuntimeStatus;
  readonly failure: string | null;
  /** The version that was made last. */
  readonly newest: string;
  readonly endpoints: readonly Endpoint[];
  readonly tags: Tags;
  readonly policy: string | null;
  /** Whether it is one of the project's agents, which are registered with every start. */
  readonly ofProject: boolean;
}

/** AWS names the endpoint that every runtime has so, which follows the newest version. */
export const DEFAULT_ENDPOINT = 'DEFAULT';

/** A runtime whose first version is being obtained. */
export function bornRuntime(
  identity: Pick<Runtime, 'id' | 'arn' | 'name' | 'tags' | 'ofProject'>,
  defaultEndpointId: string,
  at: number,
): Runtime {
  const newest = '1';
  return {
    ...identity,
    createdAt: at,
    lastUpdatedAt: at,
    status: 'CREATING',
    failure: null,
    newest,
    endpoints: [
      bornEndpoint({ name: DEFAULT_ENDPOINT, id: defaultEndpointId, target: newest }, at),
    ],
    policy: null,
  };
}

/** An endpoint that is on its way to its first version. */
export function bornEndpoint(
  given: Pick<Endpoint, 'name' | 'id' | 'target'> & Partial<Endpoint>,
  at: number,
): Endpoint {
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
export function updating(runtime: Runtime, at: number): Runtime {
  const newest = String(Number(runtime.newest) + 1);
  const next: Runtime = {
    ...runtime,
    newest,
    status: 'UPDATING',
    failure: null,
    lastUpdatedAt: at,
  };
  return withEndpoint(next, DEFAULT_ENDPOINT, (endpoint) => retargeted(endpoint, newest, at));
}

/** An endpoint that is on its way to a version. */
export function retargeted(endpoint: Endpoint, target: string, at: number): Endpoint {
  return { ...endpoint, target, status: 'UPDATING', failure: null, lastUpdatedAt: at };
}

/** What becomes of a runtime, and of the endpoints that wait for it, when a version is obtained or not. */
export function settled(runtime: Runtime, version: Version, at: number): Runtime {
  const endpoints = runtime.endpoints.map((endpoint) => settledEndpoint(endpoint, version, at));
  const isOurs = runtime.newest === version.version && isUnderWay(runtime);
  if (!isOurs) return { ...runtime, endpoints };
  const status = version.source ? 'READY' : failedFrom(runtime);
  return { ...runtime, endpoints, status, failure: version.failure, lastUpdatedAt: at };
}

function settledEndpoint(endpoint: Endpoint, version: Version, at: number): Endpoint {
  if (endpoint.target !== version.version || !isUnderWay(endpoint)) return endpoint;
  const settled = { ...endpoint, failure: version.failure, lastUpdatedAt: at };
  return version.source
    ? { ...settled, status: 'READY', live: version.version }
    : { ...settled, status: failedFrom(endpoint) };
}

function failedFrom({ status }: Pick<Runtime, 'status'>): 'CREATE_FAILED' | 'UPDATE_FAILED' {
  return status === 'CREATING' ? 'CREATE_FAILED' : 'UPDATE_FAILED';
}

/** Whether something is being made of it just now. */
export function isUnderWay({ status }: Pick<Runtime, 'status'>): boolean {
  return status === 'CREATING' || status === 'UPDATING' || status === 'DELETING';
}

/** A runtime with one of its endpoints changed. */
export function withEndpoint(
  runtime: Runtime,
  name: string,
  change: (endpoint: Endpoint) => Endpoint,
): Runtime {
  const endpoints = runtime.endpoints.map((each) => (each.name === name ? change(each) : each));
  return { ...runtime, endpoints };
}
