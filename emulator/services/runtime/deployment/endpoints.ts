import type { AgentSummary } from '../../../../src/shared/emulator.ts';
import { invalid, notFound } from '../../../wire/errors.ts';
import type { AgentRuntime, Agents } from '../agents.ts';
import type { RuntimeStore } from './runtimeStore.ts';
import { endpointArn, parseRuntimeArn } from './names.ts';
import { createEnforceResourcePolicy } from './resourcePolicy.ts';
import { DEFAULT_ENDPOINT, type RuntimeEndpoint, type RuntimeRecord } from './records.ts';

/** Resolves agents by the endpoints that lead to them. */
export function createAgents(catalogue: RuntimeStore): Agents {
  function runtimeOf(arnOrId: string): RuntimeRecord {
    const isArn = arnOrId.startsWith('arn:');
    const named = isArn
      ? parseRuntimeArn(arnOrId)
      : { id: arnOrId, arn: null, endpoint: undefined };
    if (!named || named.endpoint !== undefined) {
      const example = catalogue.runtimes()[0]?.arn;
      throw invalid(
        `'${arnOrId}' is no ARN of an agent runtime; one looks like ${example ?? 'arn:aws:bedrock-agentcore:REGION:ACCOUNT:runtime/ID'}`,
      );
    }
    const runtime = catalogue.runtime(named.id);
    if (runtime && runtime.status !== 'DELETING' && (!isArn || named.arn === runtime.arn)) {
      return runtime;
    }
    const known = catalogue.runtimes().map(({ arn }) => arn);
    throw notFound(
      `No agent runtime '${arnOrId}' here. The emulator has: ${known.join(', ') || 'none'}`,
    );
  }

  function endpointOf({ id, endpoints }: RuntimeRecord, qualifier: string): RuntimeEndpoint {
    const endpoint = endpoints.find(({ name }) => name === qualifier);
    if (endpoint) return endpoint;
    const names = endpoints.map(({ name }) => name).join(', ');
    throw notFound(`${id} has no endpoint '${qualifier}'; it has ${names}`);
  }

  function agentOf(runtime: RuntimeRecord, endpoint: RuntimeEndpoint): AgentRuntime {
    const agent = endpoint.live === null ? null : catalogue.agent(runtime.id, endpoint.live);
    if (agent) return agent;
    const why = endpoint.failure === null ? 'invoke it once it is READY' : endpoint.failure;
    throw notFound(`The endpoint ${endpoint.name} of ${runtime.id} is ${endpoint.status}: ${why}`);
  }

  const enforceResourcePolicy = createEnforceResourcePolicy();

  const defaultOf = ({ endpoints }: RuntimeRecord) =>
    endpoints.find(({ name }) => name === DEFAULT_ENDPOINT);

  return {
    current: () =>
      catalogue.runtimes().flatMap((runtime) => {
        const live = defaultOf(runtime)?.live ?? null;
        return live === null ? [] : (catalogue.agent(runtime.id, live) ?? []);
      }),
    isServed: ({ id, version }) =>
      catalogue.runtime(id)?.endpoints.some(({ live }) => live === version) ?? false,
    resolve(arnOrId, qualifier = DEFAULT_ENDPOINT) {
      const runtime = runtimeOf(arnOrId);
      const endpoint = endpointOf(runtime, qualifier);
      return { name: endpoint.name, agent: agentOf(runtime, endpoint) };
    },
    permit({ name, agent: { arn, account } }, action) {
      // Authorization may take a while, and the resource may be deleted by now.
      const runtime = runtimeOf(arn);
      const endpoint = endpointOf(runtime, name);
      enforceResourcePolicy(runtime.policy, { action, resource: arn, account });
      enforceResourcePolicy(endpoint.policy, { action, resource: endpointArn(arn, name), account });
    },
    refuseDeleted({ name, agent: { id, arn, version } }) {
      endpointOf(runtimeOf(arn), name);
      if (!catalogue.version(id, version)) {
        throw notFound(`${id} has no version '${version}' any more`);
      }
    },
    summaries: (warm) =>
      catalogue.runtimes().map((runtime): AgentSummary => {
        const { id, arn, status, endpoints, newest } = runtime;
        const { settings, source } = catalogue.version(id, newest) ?? {};
        const live = defaultOf(runtime)?.live ?? null;
        const agent = live === null ? null : catalogue.agent(id, live);
        return {
          runtimeId: id,
          arn,
          name: source?.name ?? runtime.name,
          protocol: settings?.protocolConfiguration?.serverProtocol ?? 'HTTP',
          language: source?.language ?? null,
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
