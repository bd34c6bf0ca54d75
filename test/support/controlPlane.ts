import {
  BedrockAgentCoreControlClient,
  GetAgentRuntimeCommand,
  type CreateAgentRuntimeRequest,
  type GetAgentRuntimeResponse,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.ts';
import { sdkSettings } from './sdk.ts';

/** The unmodified AWS SDK of the control plane, led to an emulator by its endpoint alone. */
export function useControlPlane({ url }: { readonly url: string }): BedrockAgentCoreControlClient {
  const client = new BedrockAgentCoreControlClient(sdkSettings(url));
  onTestFinished(() => client.destroy());
  return client;
}

/** A runtime once nothing is being made of it any more. */
export function waitUntilSettled(
  client: BedrockAgentCoreControlClient,
  agentRuntimeId: string | undefined,
): Promise<GetAgentRuntimeResponse> {
  return eventually(async () => {
    const runtime = await client.send(new GetAgentRuntimeCommand({ agentRuntimeId }));
    if (runtime.status?.endsWith('ING')) throw new Error(`it is ${runtime.status}`);
    return runtime;
  });
}

/** A request for a runtime of Node code in S3; `prefix` is the zip's key. */
export function nodeCode(agentRuntimeName: string, prefix = 'agent.zip') {
  return {
    agentRuntimeName,
    roleArn: 'arn:aws:iam::000000000000:role/agent',
    agentRuntimeArtifact: {
      codeConfiguration: {
        code: { s3: { bucket: 'code', prefix } },
        runtime: 'NODE_22',
        entryPoint: ['main.js'],
      },
    },
  } satisfies CreateAgentRuntimeRequest;
}
