import { ResourceNotFoundException as NothingToInvoke } from '@aws-sdk/client-bedrock-agentcore';
import {
  ConflictException,
  CreateAgentRuntimeCommand,
  CreateAgentRuntimeEndpointCommand,
  DeleteAgentRuntimeCommand,
  GetAgentRuntimeCommand,
  ResourceNotFoundException,
  UpdateAgentRuntimeCommand,
  ValidationException,
  type CreateAgentRuntimeRequest,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { echoAgent, useAgent } from '../../../../support/agents.ts';
import {
  nodeCode,
  waitUntilSettled,
  useControlPlane,
  useCurrentControlPlane,
} from '../../../../support/controlPlane.ts';
import { useEmulator } from '../../../../support/emulator.ts';

// AWS was measured to answer with these sentences, and clients match them.

const network = { subnets: ['subnet-0123456789abcdef0'], securityGroups: ['sg-0123456789abcdef0'] };
const discoveryUrl = 'https://idp.example/.well-known/openid-configuration';
const { codeConfiguration } = nodeCode('Python').agentRuntimeArtifact;
const storage = (name: string) => ({ sessionStorage: { mountPath: `/mnt/${name}` } });

const warmUp = (path: string) => ({ build: { warmup: { action: { httpPost: { path } } } } });

const refusals: Record<string, [Partial<CreateAgentRuntimeRequest>, sentence: string]> = {
  'no artifact': [
    { agentRuntimeArtifact: {} as never },
    'AgentArtifact must have exactly one configuration.',
  ],
  'two artifacts': [
    {
      agentRuntimeArtifact: {
        codeConfiguration,
        containerConfiguration: { containerUri: 'image:1' },
      } as never,
    },
    'AgentArtifact must have exactly one configuration.',
  ],
  'an entry point of another language': [
    {
      agentRuntimeArtifact: { codeConfiguration: { ...codeConfiguration, runtime: 'PYTHON_3_12' } },
    },
    'Entrypoint file type does not match your selected runtime. For PYTHON_3_12 runtime, your file should end with .py extension.',
  ],
  'VPC mode without its configuration': [
    { networkConfiguration: { networkMode: 'VPC' } },
    'NetworkModeConfig is required for VPC mode',
  ],
  'a VPC configuration in public mode': [
    { networkConfiguration: { networkMode: 'PUBLIC', networkModeConfig: network } },
    'NetworkModeConfig is not allowed for non-VPC mode',
  ],
  'a service-managed S3 endpoint': [
    {
      networkConfiguration: {
        networkMode: 'VPC',
        networkModeConfig: { ...network, requireServiceS3Endpoint: true },
      },
    },
    'networkModeConfig.requireServiceS3Endpoint',
  ],
  'a JWT authorizer without a filter': [
    { authorizerConfiguration: { customJWTAuthorizer: { discoveryUrl } } },
    'Either allowedAudience, allowedClients, allowedScopes, or customClaims must be present with at least one item',
  ],
  'two session storages': [
    { filesystemConfigurations: [storage('a'), storage('b')] },
    'At most one sessionStorage configuration is allowed',
  ],
  'an idle timeout above the maximum lifetime': [
    { lifecycleConfiguration: { idleRuntimeSessionTimeout: 300, maxLifetime: 120 } },
    'idleRuntimeSessionTimeout must be less than or equal to maxLifeTime',
  ],
  'control characters in a variable': [
    { environmentVariables: { KEY: 'a\nb' } },
    "Environment variable value contains invalid control characters (0x00-0x1F, 0x7F). Key: 'KEY'",
  ],
  'more than 4 KB of variables': [
    { environmentVariables: { A: 'x'.repeat(4000), B: 'x'.repeat(95) } },
    'environmentVariables have 4097 bytes, and AWS accepts 4096 in all',
  ],
  'more than 1.5 KB of variables of code on V2': [
    { environmentVariables: { A: 'x'.repeat(1536) }, platformVersion: 'V2' },
    'environmentVariables have 1537 bytes, and AWS accepts 1536 in all',
  ],
  'an unknown platform': [{ platformVersion: 'V3' }, "platformVersion 'V3' does not exist. Use V1"],
  'the reserved port for the agent': [
    { protocolConfiguration: { serverProtocol: 'HTTP', port: 8443 } },
    'protocolConfiguration.port: Port 8443 is reserved and cannot be used',
  ],
  'the reserved port among the allowed ones': [
    { allowedPorts: [{ port: 9000 }, { port: 8443 }] },
    'allowedPorts.2.member: Port 8443 is reserved and cannot be used',
  ],
  'a range with the reserved port': [
    { allowedPorts: [{ portRange: { from: 8000, to: 9000 } }] },
    'allowedPorts.1.member: Port 8443 is reserved and cannot be used',
  ],
  'a range that ends before it begins': [
    { allowedPorts: [{ portRange: { from: 9001, to: 9000 } }] },
    "allowedPorts.1.member: 'from' is 9001 and 'to' is 9000.",
  ],
  'overlapping ports': [
    { allowedPorts: [{ portRange: { from: 9000, to: 9010 } }, { port: 9010 }] },
    'allowedPorts.2.member: 9010 overlaps 9000 to 9010.',
  ],
  'a warm-up hook without a platform': [
    { hooksConfiguration: warmUp('/warm') },
    'hooksConfiguration.build.warmup is not supported on platformVersion V1',
  ],
  'a warm-up hook on V1': [
    { hooksConfiguration: warmUp('/warm'), platformVersion: 'V1' },
    'hooksConfiguration.build.warmup is not supported on platformVersion V1',
  ],
  'a warm-up hook with a capacity provider': [
    {
      hooksConfiguration: warmUp('/warm'),
      platformVersion: 'V2',
      capacityProviderConfiguration: {
        capacityProviderArn:
          'arn:aws:bedrock-agentcore:us-east-1:000000000000:capacity-provider/One-0123456789',
      },
    },
    'hooksConfiguration.build.warmup is not supported with capacityProviderConfiguration',
  ],
  'a warm-up hook at the path of invocations': [
    { hooksConfiguration: warmUp('/invocations'), platformVersion: 'V2' },
    "hooksConfiguration.build.warmup.action.httpPost.path '/invocations' is a path that the agent already serves",
  ],
};

test.each([
  [[]],
  [Array.from({ length: 6 }, (_, index) => ({ port: 9000 + index }))],
  [[{ port: 7999 }]],
  [[{ port: 12001 }]],
])('CreateAgentRuntime rejects the allowed ports %j by the model', async (allowedPorts) => {
  const control = useCurrentControlPlane(await useEmulator({ agents: [] }));
  await expect(
    control.send(new CreateAgentRuntimeCommand({ ...nodeCode('Refused'), allowedPorts })),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(/'allowedPorts.*failed to satisfy constraint/) as string,
  });
});

test.each(Object.entries(refusals))(
  'CreateAgentRuntime rejects %s',
  async (_, [members, sentence]) => {
    const control = useCurrentControlPlane(await useEmulator({ agents: [] }));
    const creation = control.send(
      new CreateAgentRuntimeCommand({ ...nodeCode('Refused'), ...members }),
    );
    await expect(creation).rejects.toBeInstanceOf(ValidationException);
    const words = `Invalid request provided: ${sentence}`;
    await expect(creation).rejects.toThrow(words);
  },
);

test('an idle timeout equal to the maximum lifetime and 4096 bytes of variables are accepted', async () => {
  const control = useControlPlane(await useEmulator({ agents: [] }));
  const request = {
    ...nodeCode('Accepted'),
    lifecycleConfiguration: { idleRuntimeSessionTimeout: 120, maxLifetime: 120 },
    environmentVariables: { A: 'x'.repeat(4095) },
  };
  expect(await control.send(new CreateAgentRuntimeCommand(request))).toMatchObject({
    status: 'CREATING',
  });
});

async function useRuntime() {
  const emulator = await useEmulator({ agents: [] });
  const control = useControlPlane(emulator);
  const { agentRuntimeId } = await control.send(new CreateAgentRuntimeCommand(nodeCode('One')));
  return { control, agentRuntimeId };
}

test('UpdateAgentRuntime rejects another artifact type and version 1 of the metadata service', async () => {
  const { control, agentRuntimeId } = await useRuntime();
  await waitUntilSettled(control, agentRuntimeId);
  const { agentRuntimeName: _, ...code } = nodeCode('One');
  const image = { containerConfiguration: { containerUri: 'image:1' } };
  const toImage = control.send(
    new UpdateAgentRuntimeCommand({ ...code, agentRuntimeArtifact: image, agentRuntimeId }),
  );
  await expect(toImage).rejects.toBeInstanceOf(ValidationException);
  await expect(toImage).rejects.toThrow('Agent artifact type cannot be updated');
  const metadataConfiguration = { requireMMDSV2: false };
  const toFirst = control.send(
    new UpdateAgentRuntimeCommand({ ...code, metadataConfiguration, agentRuntimeId }),
  );
  await expect(toFirst).rejects.toThrow('requireMMDSV2 cannot be false');
});

test('a runtime that is being created cannot be updated or deleted', async () => {
  const { control, agentRuntimeId } = await useRuntime();
  const deletion = control.send(new DeleteAgentRuntimeCommand({ agentRuntimeId }));
  await expect(deletion).rejects.toBeInstanceOf(ConflictException);
  await expect(deletion).rejects.toThrow(
    'The agent is currently being modified by another operation. Current status: CREATING.',
  );
});

test('a runtime with a named endpoint cannot be deleted', async () => {
  const { control, agentRuntimeId } = await useRuntime();
  await waitUntilSettled(control, agentRuntimeId);
  await control.send(new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name: 'prod' }));
  const deletion = control.send(new DeleteAgentRuntimeCommand({ agentRuntimeId }));
  await expect(deletion).rejects.toBeInstanceOf(ConflictException);
  await expect(deletion).rejects.toThrow(
    'This agent has endpoints that must be deleted before the agent can be removed',
  );
});

test('a name that is taken is a conflict', async () => {
  const { control } = await useRuntime();
  const creation = control.send(new CreateAgentRuntimeCommand(nodeCode('One')));
  await expect(creation).rejects.toBeInstanceOf(ConflictException);
  await expect(creation).rejects.toThrow('An agent with the specified name already exists');
});

test('missing runtimes and versions are not found', async () => {
  const { control, agentRuntimeId } = await useRuntime();
  const missing = control.send(new GetAgentRuntimeCommand({ agentRuntimeId: 'none-0123456789' }));
  await expect(missing).rejects.toBeInstanceOf(ResourceNotFoundException);
  await expect(missing).rejects.toThrow(
    /^Agent with agentId: none-0123456789, accountId: \d{12}, and version: null not found!/,
  );
  const version = control.send(
    new GetAgentRuntimeCommand({ agentRuntimeId, agentRuntimeVersion: '7' }),
  );
  await expect(version).rejects.toThrow(/and version: 7 not found!/);
});

test('an invocation of a missing runtime or endpoint is not found', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const { arn } = emulator.agent;
  const qualified = emulator.invoke({ qualifier: 'prod' });
  await expect(qualified).rejects.toBeInstanceOf(NothingToInvoke);
  await expect(qualified).rejects.toThrow(
    `No endpoint or agent found with qualifier 'prod' for agent '${arn}'`,
  );
  const other = `${arn.slice(0, -3)}xyz`;
  await expect(emulator.invoke({ agentRuntimeArn: other })).rejects.toThrow(
    `No endpoint or agent found with qualifier 'DEFAULT' for agent '${other}'`,
  );
});
