import {
  CreateAgentRuntimeCommand,
  GetAgentRuntimeCommand,
  ListAgentRuntimesCommand,
  ListAgentRuntimeVersionsCommand,
  UpdateAgentRuntimeCommand,
  type FilesystemConfiguration,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import { echoAgent, useAgent } from '../../../../support/agents.ts';
import {
  nodeCode,
  waitUntilSettled,
  useControlPlane,
  useCurrentControlPlane,
} from '../../../../support/controlPlane.ts';
import { useEmulator } from '../../../../support/emulator.ts';

/** A mount that the installed client's types lack. */
const s3BucketMount = (bucket: string, mountPath: string) =>
  ({ s3BucketMount: { bucket, mountPath } }) as unknown as FilesystemConfiguration;

// These are the members that recorded responses of AWS have.

const { agentRuntimeName: _, ...update } = nodeCode('unused');

async function useRuntime() {
  const emulator = await useEmulator({ agents: [] });
  const control = useControlPlane(emulator);
  const created = await control.send(new CreateAgentRuntimeCommand(nodeCode('Shape')));
  await waitUntilSettled(control, created.agentRuntimeId);
  return { emulator, control, created, agentRuntimeId: created.agentRuntimeId };
}

test('GetAgentRuntime returns what was given and the members that AWS adds', async () => {
  const { control, agentRuntimeId } = await useRuntime();
  const {
    $metadata: _metadata,
    failureReason: _reason,
    status: _status,
    ...found
  } = await control.send(new GetAgentRuntimeCommand({ agentRuntimeId }));
  expect(found).toEqual({
    agentRuntimeArn: expect.stringContaining(`:runtime/${agentRuntimeId}`) as string,
    agentRuntimeName: 'Shape',
    agentRuntimeId,
    agentRuntimeVersion: '1',
    createdAt: expect.any(Date) as Date,
    lastUpdatedAt: expect.any(Date) as Date,
    roleArn: nodeCode('Shape').roleArn,
    networkConfiguration: { networkMode: 'PUBLIC' },
    lifecycleConfiguration: { idleRuntimeSessionTimeout: 900, maxLifetime: 28_800 },
    workloadIdentityDetails: {
      workloadIdentityArn: expect.stringMatching(
        RegExp(
          `^arn:aws:bedrock-agentcore:[a-z0-9-]+:\\d{12}:workload-identity-directory/default/workload-identity/${agentRuntimeId}$`,
        ),
      ) as string,
    },
    agentRuntimeArtifact: nodeCode('Shape').agentRuntimeArtifact,
    metadataConfiguration: { requireMMDSV2: true },
  });
});

test('lists omit a description that was not given', async () => {
  const { control } = await useRuntime();
  const { agentRuntimes } = await control.send(new ListAgentRuntimesCommand());
  expect(agentRuntimes).toHaveLength(1);
  expect(agentRuntimes![0]).not.toHaveProperty('description');
});

test('versions have their own times and are listed newest first', async () => {
  const { emulator, control, created, agentRuntimeId } = await useRuntime();
  for (let hour = 0; hour < 10; hour += 1) {
    await emulator.admin('/clock', { advanceSeconds: 3600 });
    await control.send(new UpdateAgentRuntimeCommand({ ...update, agentRuntimeId }));
    await waitUntilSettled(control, agentRuntimeId);
  }
  const { agentRuntimes } = await control.send(
    new ListAgentRuntimeVersionsCommand({ agentRuntimeId }),
  );
  expect(agentRuntimes!.map(({ agentRuntimeVersion }) => agentRuntimeVersion)).toEqual([
    '11',
    '10',
    '9',
    '8',
    '7',
    '6',
    '5',
    '4',
    '3',
    '2',
    '1',
  ]);
  const get = (agentRuntimeVersion?: string) =>
    control.send(new GetAgentRuntimeCommand({ agentRuntimeId, agentRuntimeVersion }));
  const [newest, second, runtime] = [await get('11'), await get('2'), await get()];
  expect(runtime.createdAt).toEqual(created.createdAt);
  expect(runtime.lastUpdatedAt).toEqual(newest.lastUpdatedAt);
  expect(second.createdAt!.getTime()).toBeGreaterThanOrEqual(
    created.createdAt!.getTime() + 3_600_000,
  );
  expect(newest.createdAt!.getTime()).toBeGreaterThanOrEqual(
    second.lastUpdatedAt!.getTime() + 9 * 3_600_000 - 60_000,
  );
});

test('an update keeps the platform version that it omits', async () => {
  const control = useControlPlane(await useEmulator({ agents: [] }));
  const { agentRuntimeId } = await control.send(
    new CreateAgentRuntimeCommand({ ...nodeCode('Platform'), platformVersion: 'V1' }),
  );
  await waitUntilSettled(control, agentRuntimeId);
  await control.send(new UpdateAgentRuntimeCommand({ ...update, agentRuntimeId }));
  expect(await waitUntilSettled(control, agentRuntimeId)).toMatchObject({ platformVersion: 'V1' });
});

test('GetAgentRuntime returns the settings of the current model, and an update resets them', async () => {
  const emulator = await useEmulator({ agents: [] });
  const control = useCurrentControlPlane(emulator);
  const settings = {
    protocolConfiguration: { serverProtocol: 'HTTP', port: 9100, path: '/chat' } as const,
    allowedPorts: [{ port: 9000 }, { portRange: { from: 9001, to: 9010 } }],
    resourceConfigurations: [{ minimumMemoryInMiB: 4096 }],
    filesystemConfigurations: [s3BucketMount('data', '/mnt/data')],
    hooksConfiguration: { build: { warmup: { action: { httpPost: { path: '/warm' } } } } },
    platformVersion: 'V2',
  };
  const created = await control.send(
    new CreateAgentRuntimeCommand({ ...nodeCode('Current'), ...settings }),
  );
  const { agentRuntimeId } = created;
  expect(created).not.toHaveProperty('platformVersion');
  expect(await waitUntilSettled(control, agentRuntimeId)).toMatchObject(settings);
  const updated = await control.send(new UpdateAgentRuntimeCommand({ ...update, agentRuntimeId }));
  expect(updated).not.toHaveProperty('platformVersion');
  const found = await waitUntilSettled(control, agentRuntimeId);
  expect(found.platformVersion).toBe('V2');
  for (const name of Object.keys(settings)) {
    if (name !== 'platformVersion') expect.soft(found).not.toHaveProperty(name);
  }
  const { agentRuntimes } = await control.send(new ListAgentRuntimesCommand());
  expect(agentRuntimes![0]).not.toHaveProperty('platformVersion');
});

test('settings that this machine cannot have are returned, and a warning names each', async () => {
  const emulator = await useEmulator({ agents: [] });
  const control = useCurrentControlPlane(emulator);
  const settings = {
    resourceConfigurations: [{ minimumMemoryInMiB: 4096 }],
    filesystemConfigurations: [s3BucketMount('data', '/mnt/data')],
    capacityProviderConfiguration: {
      capacityProviderArn:
        'arn:aws:bedrock-agentcore:us-east-1:000000000000:capacity-provider/One-0123456789',
      operatingSystemConfiguration: { linux: { privilegeMode: 'PRIVILEGED' } },
    } as const,
    authorizerConfiguration: {
      customJWTAuthorizer: {
        discoveryUrl: 'https://idp.example/.well-known/openid-configuration',
        allowedAudience: ['me'],
        certificateConfigurations: [{ s3: { uri: 's3://certificates/ca.pem' } }],
      },
    },
  };
  const { agentRuntimeId } = await control.send(
    new CreateAgentRuntimeCommand({ ...nodeCode('Elsewhere'), ...settings }),
  );
  expect(await waitUntilSettled(control, agentRuntimeId)).toMatchObject(settings);
  const log = emulator.log.join('\n');
  expect(log).toContain('minimumMemoryInMiB 4096 is not emulated');
  expect(log).toContain('s3BucketMount at /mnt/data is not emulated. Nothing is mounted there.');
  expect(log).toContain('privilegeMode PRIVILEGED is not emulated');
  expect(log).toContain('certificateConfigurations of the JWT authorizer are not emulated');
});

test('an update is checked with the platform version that it keeps', async () => {
  const control = useCurrentControlPlane(await useEmulator({ agents: [] }));
  const { agentRuntimeId } = await control.send(
    new CreateAgentRuntimeCommand({ ...nodeCode('Kept'), platformVersion: 'V2' }),
  );
  await waitUntilSettled(control, agentRuntimeId);
  const updating = control.send(
    new UpdateAgentRuntimeCommand({
      ...update,
      agentRuntimeId,
      environmentVariables: { A: 'x'.repeat(1536) },
    }),
  );
  await expect(updating).rejects.toThrow('AWS accepts 1536 in all');
});

test('InvokeAgentRuntime returns no trace members without trace headers', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const {
    $metadata: _,
    response,
    ...members
  } = await emulator.client().send(
    new InvokeAgentRuntimeCommand({
      agentRuntimeArn: emulator.agent.arn,
      payload: Buffer.from('{}'),
    }),
  );
  await response!.transformToString();
  const present = Object.entries(members).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  expect(present.toSorted()).toEqual(['contentType', 'runtimeSessionId', 'statusCode']);
});
