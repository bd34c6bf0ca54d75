import {
  BedrockAgentCoreControlClient,
  GetAgentRuntimeCommand,
  paginateListAgentRuntimeEndpoints,
  paginateListAgentRuntimes,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { DEFAULT_LIFECYCLE } from '../core/targets/sessionEstimate.ts';
import type { Lifecycle, RuntimeDetails, RuntimeEntry } from '../shared/targets.ts';

/** As whom and where AWS is asked. */
export interface Asker {
  readonly profile: string;
  readonly region: string;
}

/** All runtimes of a region, as its control plane lists them. */
export function listRuntimes(asker: Asker): Promise<RuntimeEntry[]> {
  return withClient(asker, async (client) => {
    const entries: RuntimeEntry[] = [];
    for await (const { agentRuntimes = [] } of paginateListAgentRuntimes({ client }, {})) {
      for (const runtime of agentRuntimes) {
        entries.push({
          arn: runtime.agentRuntimeArn!,
          name: runtime.agentRuntimeName!,
          version: runtime.agentRuntimeVersion!,
          status: runtime.status!,
        });
      }
    }
    return entries.toSorted((one, other) => one.name.localeCompare(other.name));
  });
}

/** What a runtime speaks, and the endpoints by which it is called. */
export function lookUpRuntime(asker: Asker, agentRuntimeId: string): Promise<RuntimeDetails> {
  return withClient(asker, async (client) => {
    const { protocolConfiguration, authorizerConfiguration } = await client.send(
      new GetAgentRuntimeCommand({ agentRuntimeId }),
    );
    const endpoints: RuntimeDetails['endpoints'][number][] = [];
    const pages = paginateListAgentRuntimeEndpoints({ client }, { agentRuntimeId });
    for await (const { runtimeEndpoints = [] } of pages) {
      for (const { name, liveVersion = '' } of runtimeEndpoints) {
        endpoints.push({ name: name!, version: liveVersion });
      }
    }
    return {
      protocol: protocolConfiguration?.serverProtocol ?? 'HTTP',
      authorization: authorizerConfiguration?.customJWTAuthorizer ? 'token' : 'signature',
      endpoints,
    };
  });
}

/** How long a runtime's sessions live, by its newest version. */
export function readLifecycle(asker: Asker, agentRuntimeId: string): Promise<Lifecycle> {
  return withClient(asker, async (client) => {
    const { lifecycleConfiguration } = await client.send(
      new GetAgentRuntimeCommand({ agentRuntimeId }),
    );
    const { idleRuntimeSessionTimeout, maxLifetime } = lifecycleConfiguration ?? {};
    return {
      idleSeconds: idleRuntimeSessionTimeout ?? DEFAULT_LIFECYCLE.idleSeconds,
      maxSeconds: maxLifetime ?? DEFAULT_LIFECYCLE.maxSeconds,
    };
  });
}

async function withClient<Value>(
  { profile, region }: Asker,
  ask: (client: BedrockAgentCoreControlClient) => Promise<Value>,
): Promise<Value> {
  const client = new BedrockAgentCoreControlClient({
    region,
    // A profile, even the default one, would take the place of the environment's credentials.
    ...(profile !== '' && { profile }),
  });
  try {
    return await ask(client);
  } finally {
    client.destroy();
  }
}
