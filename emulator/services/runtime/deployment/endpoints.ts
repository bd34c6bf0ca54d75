import type { AgentSummary } from '../../../../src/shared/emulator.ts';
import { invalid, notFound, type WireError } from '../../../wire/errors.ts';
import type { AgentRuntime, Agents } from '../agents.ts';
import type { RuntimeStore } from './runtimeStore.ts';
import { endpointArn, parseRuntimeArn } from './names.ts';
import { createEnforceResourcePolicy } from './resourcePolicy.ts';
import { DEFAULT_ENDPOINT, type RuntimeEndpoint, type RuntimeRecord } from './records.ts';

/** An agent or endpoint that cannot be invoked, in AWS's words, followed by the reason. */
function missing(agent: string, qualifier: string, reason: string): WireError {
  return notFound(
    `No endpoint or agent found with qualifier '${qualifier}' for agent '${agent}'. ${reason}`,
  );
}

/** Resolves agents by the endpoints that lead to them. */
export function createAgents(store: RuntimeStore): Agents {
  function findRuntime(arnOrId: string, qualifier: string): RuntimeRecord {
    const isArn = arnOrId.startsWith('arn:');
    const named = isArn
      ? parseRuntimeArn(arnOrId)
      : { id: arnOrId, arn: null, endpoint: undefined };
    if (!named || named.endpoint !== undefined) {
      const example = store.runtimes()[0]?.arn;
      throw invalid(
        `'${arnOrId}' is not the ARN of an agent runtime. Use an ARN such as ${example ?? 'arn:aws:bedrock-agentcore:REGION:ACCOUNT:runtime/ID'}`,
      );
    }
    const runtime = store.runtime(named.id);
    if (runtime && runtime.status !== 'DELETING' && (!isArn || named.arn === runtime.arn)) {
      return runtime;
    }
    const known = store.runtimes().map(({ arn }) => arn);
    throw missing(arnOrId, qualifier, `The emulator has: ${known.join(', ') || 'no runtimes'}`);
  }

  function findEndpoint({ arn, endpoints }: RuntimeRecord, qualifier: string): RuntimeEndpoint {
    const endpoint = endpoints.find(({ name }) => name === qualifier);
    if (endpoint) return endpoint;
    const names = endpoints.map(({ name }) => name).join(', ');
    throw missing(arn, qualifier, `The runtime has the endpoints ${names}.`);
  }

  function findAgent(runtime: RuntimeRecord, endpoint: RuntimeEndpoint): AgentRuntime {
    const agent = endpoint.live === null ? null : store.agent(runtime.id, endpoint.live);
    if (agent) return agent;
    const reason = endpoint.failure ?? 'Invoke it once it is READY.';
    throw missing(runtime.arn, endpoint.name, `The endpoint is ${endpoint.status}: ${reason}`);
  }

  const enforceResourcePolicy = createEnforceResourcePolicy();

  const findDefault = ({ endpoints }: RuntimeRecord) =>
    endpoints.find(({ name }) => name === DEFAULT_ENDPOINT);

  return {
    current: () =>
      store.runtimes().flatMap((runtime) => {
        const live = findDefault(runtime)?.live ?? null;
        return live === null ? [] : (store.agent(runtime.id, live) ?? []);
      }),
    isServed: ({ id, version }) =>
      store.runtime(id)?.endpoints.some(({ live }) => live === version) ?? false,
    resolve(arnOrId, qualifier = DEFAULT_ENDPOINT) {
      const runtime = findRuntime(arnOrId, qualifier);
      const endpoint = findEndpoint(runtime, qualifier);
      return { name: endpoint.name, agent: findAgent(runtime, endpoint) };
    },
    permit({ name, agent: { arn, account } }, action) {
      // Authorization may take a while, and the resource may be deleted by now.
      const runtime = findRuntime(arn, name);
      const endpoint = findEndpoint(runtime, name);
      enforceResourcePolicy(runtime.policy, { action, resource: arn, account });
      enforceResourcePolicy(endpoint.policy, { action, resource: endpointArn(arn, name), account });
    },
    refuseDeleted({ name, agent: { id, arn, version } }) {
      findEndpoint(findRuntime(arn, name), name);
      if (!store.version(id, version)) {
        throw missing(arn, name, `${id} no longer has version '${version}'.`);
      }
    },
    summaries: (warm) =>
      store.runtimes().map((runtime): AgentSummary => {
        const { id, arn, status, endpoints, newest } = runtime;
        const { settings, source } = store.version(id, newest) ?? {};
        const live = findDefault(runtime)?.live ?? null;
        const agent = live === null ? null : store.agent(id, live);
        return {
          runtimeId: id,
          arn,
          name: source?.name ?? runtime.name,
          protocol: settings?.protocolConfiguration?.serverProtocol ?? 'HTTP',
          language: source && source.kind !== 'image' ? source.language : null,
          endpoints: endpoints.map((each) => ({
            name: each.name,
            version: each.live ?? each.target,
          })),
          status,
          warm: agent ? warm(agent) : 0,
        };
      }),
  };
}
