import type {
  AgentRuntimeEndpoint as EndpointItem,
  CreateAgentRuntimeEndpointRequest,
  CreateAgentRuntimeEndpointResponse,
  DeleteAgentRuntimeEndpointRequest,
  DeleteAgentRuntimeEndpointResponse,
  GetAgentRuntimeEndpointRequest,
  GetAgentRuntimeEndpointResponse,
  ListAgentRuntimeEndpointsRequest,
  ListAgentRuntimeEndpointsResponse,
  UpdateAgentRuntimeEndpointRequest,
  UpdateAgentRuntimeEndpointResponse,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { conflict, invalid, quotaExceeded } from '../../../wire/errors.ts';
import { endpointArn } from './names.ts';
import { paginate } from '../../../wire/paging.ts';
import {
  newEndpoint,
  DEFAULT_ENDPOINT,
  isChanging,
  retargetEndpoint,
  withEndpoint,
  type RuntimeEndpoint,
  type RuntimeRecord,
} from './records.ts';
import type { OperationDependencies } from './operationDependencies.ts';
import { refuseReserved } from '../../../tags.ts';

/** AWS's quota per runtime. */
const MAX_ENDPOINTS = 10;

/** Creates the operations on endpoints. */
export function createEndpointOperations({
  store,
  find,
  replies,
  rollout,
  removal,
  clock,
}: OperationDependencies) {
  function create(input: CreateAgentRuntimeEndpointRequest): CreateAgentRuntimeEndpointResponse {
    const runtime = find.active(input.agentRuntimeId);
    const { name = '', description, tags = {} } = input;
    refuseReserved(tags);
    if (runtime.endpoints.some((endpoint) => endpoint.name === name)) {
      throw conflict(
        `An endpoint with the specified name already exists. Check the request and try again. ${runtime.id} has the endpoint ${name}.`,
      );
    }
    if (runtime.endpoints.length >= MAX_ENDPOINTS) {
      throw quotaExceeded(
        `${runtime.id} has ${MAX_ENDPOINTS} endpoints including DEFAULT, which is AWS's quota. Delete one.`,
      );
    }
    const { version: target } = find.version(runtime, input.agentRuntimeVersion ?? runtime.newest);
    const endpoint = newEndpoint({ name, target, description, tags }, clock.now());
    store.save({ ...runtime, endpoints: [...runtime.endpoints, endpoint] });
    rollout.settle(runtime.id, target);
    return {
      targetVersion: target,
      ...endpointArns(runtime, endpoint),
      agentRuntimeId: runtime.id,
      endpointName: name,
      status: endpoint.status,
      createdAt: new Date(endpoint.createdAt),
    };
  }

  function update(input: UpdateAgentRuntimeEndpointRequest): UpdateAgentRuntimeEndpointResponse {
    const runtime = find.active(input.agentRuntimeId);
    const current = find.endpoint(runtime, input.endpointName);
    if (current.name === DEFAULT_ENDPOINT && input.agentRuntimeVersion !== undefined) {
      throw invalid(
        `agentRuntimeVersion: ${DEFAULT_ENDPOINT} follows the newest version and cannot be pinned to '${input.agentRuntimeVersion}'. Create another endpoint to pin a version.`,
      );
    }
    if (isChanging(current)) {
      throw conflict(`The endpoint ${current.name} of ${runtime.id} is ${current.status}`);
    }
    const requested = input.agentRuntimeVersion ?? current.target;
    const { version: target } = find.version(runtime, requested);
    const description = input.description ?? current.description;
    const endpoint = { ...retargetEndpoint(current, target, clock.now()), description };
    store.save(withEndpoint(runtime, endpoint.name, () => endpoint));
    rollout.settle(runtime.id, target);
    return {
      liveVersion: endpoint.live ?? undefined,
      targetVersion: target,
      ...endpointArns(runtime, endpoint),
      status: endpoint.status,
      createdAt: new Date(endpoint.createdAt),
      lastUpdatedAt: new Date(endpoint.lastUpdatedAt),
    };
  }

  function remove(input: DeleteAgentRuntimeEndpointRequest): DeleteAgentRuntimeEndpointResponse {
    const runtime = find.active(input.agentRuntimeId);
    const endpoint = find.endpoint(runtime, input.endpointName);
    if (endpoint.name === DEFAULT_ENDPOINT) {
      throw conflict(
        'Default endpoints are removed when you delete the agent. Call DeleteAgentRuntime instead.',
      );
    }
    removal.removeEndpoint(runtime, endpoint);
    return { status: 'DELETING', agentRuntimeId: runtime.id, endpointName: endpoint.name };
  }

  function get(input: GetAgentRuntimeEndpointRequest): GetAgentRuntimeEndpointResponse {
    const runtime = find.runtime(input.agentRuntimeId);
    const endpoint = find.endpoint(runtime, input.endpointName);
    return { ...toItem(runtime, endpoint), failureReason: endpoint.failure ?? undefined };
  }

  function list(input: ListAgentRuntimeEndpointsRequest): ListAgentRuntimeEndpointsResponse {
    const runtime = store.runtime(input.agentRuntimeId ?? '');
    // AWS does not refuse a missing runtime here.
    if (!runtime) return { runtimeEndpoints: [] };
    const listName = `endpoints of ${runtime.id}`;
    const { items, nextToken } = paginate(listName, runtime.endpoints, newestFirst, input);
    return { runtimeEndpoints: items.map((endpoint) => toItem(runtime, endpoint)), nextToken };
  }

  return {
    CreateAgentRuntimeEndpoint: {
      handle: (input: CreateAgentRuntimeEndpointRequest) =>
        replies.once(`CreateAgentRuntimeEndpoint ${input.agentRuntimeId}`, input, () =>
          create(input),
        ),
    },
    UpdateAgentRuntimeEndpoint: {
      handle: (input: UpdateAgentRuntimeEndpointRequest) =>
        replies.once(
          `UpdateAgentRuntimeEndpoint ${input.agentRuntimeId} ${input.endpointName}`,
          input,
          () => update(input),
        ),
    },
    DeleteAgentRuntimeEndpoint: {
      handle: (input: DeleteAgentRuntimeEndpointRequest) =>
        replies.once(
          `DeleteAgentRuntimeEndpoint ${input.agentRuntimeId} ${input.endpointName}`,
          input,
          () => remove(input),
        ),
    },
    GetAgentRuntimeEndpoint: {
      handle: async (input: GetAgentRuntimeEndpointRequest) => get(input),
    },
    ListAgentRuntimeEndpoints: {
      handle: async (input: ListAgentRuntimeEndpointsRequest) => list(input),
    },
  };
}

function endpointArns({ arn }: RuntimeRecord, { name }: RuntimeEndpoint) {
  return { agentRuntimeEndpointArn: endpointArn(arn, name), agentRuntimeArn: arn };
}

/** Returns the key of AWS's order: newest first, DEFAULT last. */
function newestFirst({ name, createdAt }: RuntimeEndpoint): string {
  const age = String(Number.MAX_SAFE_INTEGER - createdAt).padStart(16, '0');
  return `${name === DEFAULT_ENDPOINT ? 1 : 0} ${age} ${name}`;
}

function toItem(runtime: RuntimeRecord, endpoint: RuntimeEndpoint): EndpointItem {
  return {
    name: endpoint.name,
    id: endpoint.name,
    ...endpointArns(runtime, endpoint),
    description: endpoint.description,
    status: endpoint.status,
    liveVersion: endpoint.live ?? undefined,
    targetVersion: endpoint.status === 'READY' ? undefined : endpoint.target,
    createdAt: new Date(endpoint.createdAt),
    lastUpdatedAt: new Date(endpoint.lastUpdatedAt),
  };
}
