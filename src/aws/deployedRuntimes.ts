import {
  BedrockAgentCoreControlClient,
  GetAgentRuntimeCommand,
  paginateListAgentRuntimeEndpoints,
  paginateListAgentRuntimes,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { DEFAULT_LIFECYCLE } from '../core/targets/sessionEstimate.ts';
import { bedrockAgentcoreControl } from '../shared/awsModel/bedrockAgentcoreControl.ts';
import type { Lifecycle, RuntimeDetails, RuntimeEntry } from '../shared/aws.ts';
import { useCurrentModel } from './currentModel.ts';

/** The profile and region of a call. */
export interface ControlPlane {
  /** Absent or empty for the credentials of the environment. */
  readonly profile?: string | undefined;
  readonly region: string;
}

/** Lists all runtimes of a region. */
export function listRuntimes(controlPlane: ControlPlane): Promise<RuntimeEntry[]> {
  return withClient(controlPlane, async (client) => {
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

/** Reads a runtime's protocol, authorization and endpoints. */
export function lookUpRuntime(
  controlPlane: ControlPlane,
  agentRuntimeId: string,
): Promise<RuntimeDetails> {
  return withClient(controlPlane, async (client) => {
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

/** Reads the session timeouts of a runtime's newest version. */
export function readLifecycle(
  controlPlane: ControlPlane,
  agentRuntimeId: string,
): Promise<Lifecycle> {
  return withClient(controlPlane, async (client) => {
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
  { profile, region }: ControlPlane,
  call: (client: BedrockAgentCoreControlClient) => Promise<Value>,
): Promise<Value> {
  const client = new BedrockAgentCoreControlClient({
    region,
    // A profile, even the default one, would replace the credentials of the environment.
    ...(profile && { profile }),
  });
  useCurrentModel(client, bedrockAgentcoreControl);
  try {
    return await call(client);
  } finally {
    client.destroy();
  }
}
