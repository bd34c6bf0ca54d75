import {
  BedrockAgentCoreControlClient,
  GetAgentRuntimeCommand,
  type CreateAgentRuntimeRequest,
  type GetAgentRuntimeResponse,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { onTestFinished } from 'vitest';
import { useCurrentModel } from '../../src/aws/currentModel.ts';
import { bedrockAgentcoreControl } from '../../src/shared/awsModel/bedrockAgentcoreControl.ts';
import { eventually } from './eventually.ts';
import { sdkSettings } from './sdk.ts';

/** Creates an unmodified AWS SDK client of the control plane for an emulator. */
export function useControlPlane({ url }: { readonly url: string }): BedrockAgentCoreControlClient {
  const client = new BedrockAgentCoreControlClient(sdkSettings(url));
  onTestFinished(() => client.destroy());
  return client;
}

/** Creates an AWS SDK client of the control plane that sends and reads the members of the current model. */
export function useCurrentControlPlane(emulator: {
  readonly url: string;
}): BedrockAgentCoreControlClient {
  const client = useControlPlane(emulator);
  useCurrentModel(client, bedrockAgentcoreControl);
  return client;
}

/** Resolves to a runtime when its status is no longer CREATING, UPDATING or DELETING. */
export function waitUntilSettled(
  client: BedrockAgentCoreControlClient,
  agentRuntimeId: string | undefined,
): Promise<GetAgentRuntimeResponse> {
  return eventually(async () => {
    const runtime = await client.send(new GetAgentRuntimeCommand({ agentRuntimeId }));
    if (runtime.status?.endsWith('ING')) throw new Error(`The runtime is still ${runtime.status}.`);
    return runtime;
  });
}

/** Returns a request to create a runtime from Node.js code in S3. `prefix` is the zip's key. */
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
