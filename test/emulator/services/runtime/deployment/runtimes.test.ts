import { ResourceNotFoundException } from '@aws-sdk/client-bedrock-agentcore';
import {
  ConflictException,
  CreateAgentRuntimeCommand,
  DeleteAgentRuntimeCommand,
  GetAgentRuntimeCommand,
  ListAgentRuntimesCommand,
  ListAgentRuntimeVersionsCommand,
  paginateListAgentRuntimes,
  UpdateAgentRuntimeCommand,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { beforeEach, expect, test, vi } from 'vitest';
import { echoAgent, useAgent } from '../../../../support/agents.ts';
import { nodeCode, waitUntilSettled, useControlPlane } from '../../../../support/controlPlane.ts';
import { sessionId, useEmulator } from '../../../../support/emulator.ts';
import { eventually } from '../../../../support/eventually.ts';

// Nothing listens on port 1, so these tests never find the code that they deploy.
beforeEach(() => {
  vi.stubEnv('AWS_ENDPOINT_URL_S3', 'http://127.0.0.1:1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  return () => void vi.unstubAllEnvs();
});

test('code that cannot be downloaded is CREATE_FAILED with the reason, and no session starts', async () => {
  const emulator = await useEmulator({ agents: [] });
  const control = useControlPlane(emulator);
  const created = await control.send(new CreateAgentRuntimeCommand(nodeCode('Lost')));
  expect(created).toMatchObject({ status: 'CREATING', agentRuntimeVersion: '1' });
  expect(created.agentRuntimeId).toMatch(/^Lost-[a-zA-Z0-9]{10}$/);

  const reason = /s3:\/\/code\/agent\.zip cannot be read: .*ECONNREFUSED/;
  expect(await waitUntilSettled(control, created.agentRuntimeId)).toMatchObject({
    status: 'CREATE_FAILED',
    failureReason: expect.stringMatching(reason) as string,
  });
  const invoking = emulator.invoke({ agentRuntimeArn: created.agentRuntimeArn });
  await expect(invoking).rejects.toBeInstanceOf(ResourceNotFoundException);
  await expect(invoking).rejects.toThrow(reason);
  const { agents } = await emulator.admin<{ agents: object[] }>('/agents');
  expect(agents).toMatchObject([{ name: 'Lost', status: 'CREATE_FAILED' }]);
});

test('after a failed update the previous version keeps serving', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const control = useControlPlane(emulator);
  const { agentRuntimeName: _, ...given } = nodeCode('unused');
  const agentRuntimeId = emulator.agent.runtimeId;
  const updated = await control.send(new UpdateAgentRuntimeCommand({ ...given, agentRuntimeId }));
  expect(updated).toMatchObject({ status: 'UPDATING', agentRuntimeVersion: '2' });
  expect(await waitUntilSettled(control, agentRuntimeId)).toMatchObject({
    status: 'UPDATE_FAILED',
    agentRuntimeVersion: '2',
  });
  expect(await emulator.invoke({ runtimeSessionId: sessionId('old') })).toMatchObject({ turns: 1 });
  expect(await emulator.sessions()).toMatchObject([{ version: '1' }]);
});

test('GetAgentRuntime returns all settings, including defaults', async () => {
  const emulator = await useEmulator({ agents: [] });
  const control = useControlPlane(emulator);
  const given = {
    ...nodeCode('Whole'),
    description: 'an agent',
    networkConfiguration: {
      networkMode: 'VPC' as const,
      networkModeConfig: {
        securityGroups: ['sg-0123456789abcdef0'],
        subnets: ['subnet-0123456789abcdef0'],
      },
    },
    authorizerConfiguration: {
      customJWTAuthorizer: {
        discoveryUrl: 'https://idp.example/.well-known/openid-configuration',
        allowedClients: ['me'],
      },
    },
    requestHeaderConfiguration: { requestHeaderAllowlist: ['X-Mine'] },
    protocolConfiguration: { serverProtocol: 'AGUI' as const },
    lifecycleConfiguration: { idleRuntimeSessionTimeout: 60, maxLifetime: 120 },
    environmentVariables: { A: '1' },
    filesystemConfigurations: [
      {
        efsAccessPoint: {
          accessPointArn:
            'arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-0123456789abcdef0',
          mountPath: '/mnt/efs',
        },
      },
      { sessionStorage: { mountPath: '/mnt/data' } },
    ],
    platformVersion: 'V1',
  };
  const { agentRuntimeId } = await control.send(new CreateAgentRuntimeCommand(given));
  expect(await waitUntilSettled(control, agentRuntimeId)).toMatchObject(given);
  expect(emulator.log.join('\n')).toMatch(
    /networkMode VPC is not emulated[^]*efsAccessPoint at \/mnt\/efs is not emulated/,
  );
  // An update replaces all settings, including those that it omits.
  const { agentRuntimeName: _, ...less } = nodeCode('Whole');
  await control.send(new UpdateAgentRuntimeCommand({ ...less, agentRuntimeId }));
  const after = await waitUntilSettled(control, agentRuntimeId);
  expect(after).toMatchObject({
    agentRuntimeVersion: '2',
    networkConfiguration: { networkMode: 'PUBLIC' },
    lifecycleConfiguration: { idleRuntimeSessionTimeout: 900, maxLifetime: 28_800 },
  });
  expect(after.description).toBeUndefined();
  expect(after.protocolConfiguration).toBeUndefined();
  expect(after.environmentVariables).toBeUndefined();
  expect(
    await control.send(new GetAgentRuntimeCommand({ agentRuntimeId, agentRuntimeVersion: '1' })),
  ).toMatchObject({ ...given, agentRuntimeVersion: '1' });
});

test('a runtime name is unique, and free again after deletion', async () => {
  const control = useControlPlane(await useEmulator({ agents: [] }));
  const { agentRuntimeId } = await control.send(new CreateAgentRuntimeCommand(nodeCode('Same')));
  await waitUntilSettled(control, agentRuntimeId);
  const again = () => control.send(new CreateAgentRuntimeCommand(nodeCode('Same')));
  await expect(again()).rejects.toBeInstanceOf(ConflictException);
  await control.send(new DeleteAgentRuntimeCommand({ agentRuntimeId }));
  await eventually(async () => {
    const getting = control.send(new GetAgentRuntimeCommand({ agentRuntimeId }));
    await expect(getting).rejects.toThrow(/^Agent with agentId: Same-/);
  });
  expect((await again()).agentRuntimeId).not.toBe(agentRuntimeId);
});

test('a repeated client token returns the first runtime, whatever the retry contains', async () => {
  const control = useControlPlane(await useEmulator({ agents: [] }));
  const clientToken = 'a'.repeat(33);
  const create = (name: string) =>
    control.send(new CreateAgentRuntimeCommand({ ...nodeCode(name), clientToken }));
  const { agentRuntimeId } = await create('Once');
  expect(await create('Once')).toMatchObject({ agentRuntimeId });
  expect(await create('Twice')).toMatchObject({ agentRuntimeId });
  const { agentRuntimes } = await control.send(new ListAgentRuntimesCommand());
  expect(agentRuntimes).toHaveLength(1);
});

test('pages contain every runtime once, and a token of another list is rejected', async () => {
  const control = useControlPlane(await useEmulator({ agents: [] }));
  const names = ['Eins', 'Zwei', 'Drei', 'Vier', 'Acht'];
  for (const name of names) await control.send(new CreateAgentRuntimeCommand(nodeCode(name)));
  const found: (string | undefined)[] = [];
  const sizes: number[] = [];
  for await (const page of paginateListAgentRuntimes({ client: control, pageSize: 2 }, {})) {
    found.push(...page.agentRuntimes!.map(({ agentRuntimeName }) => agentRuntimeName));
    sizes.push(page.agentRuntimes!.length);
  }
  expect(sizes).toEqual([2, 2, 1]);
  expect(new Set(found)).toEqual(new Set(names));

  const { nextToken, agentRuntimes } = await control.send(
    new ListAgentRuntimesCommand({ maxResults: 1 }),
  );
  const { agentRuntimeId } = agentRuntimes![0]!;
  for (const list of [
    new ListAgentRuntimeVersionsCommand({ agentRuntimeId, nextToken }),
    new ListAgentRuntimesCommand({ nextToken: 'bm90IG91cnM' }),
  ] as const) {
    const listing = control.send(list as ListAgentRuntimesCommand);
    await expect(listing).rejects.toThrow(/nextToken: '.*' is not a token of this request/);
  }
});

test('the idle timeout cannot exceed the maximum lifetime, which also caps its default', async () => {
  const control = useControlPlane(await useEmulator({ agents: [] }));
  const create = (name: string, lifecycleConfiguration: object) =>
    control.send(new CreateAgentRuntimeCommand({ ...nodeCode(name), lifecycleConfiguration }));
  await expect(create('A', { idleRuntimeSessionTimeout: 300, maxLifetime: 120 })).rejects.toThrow(
    /idleRuntimeSessionTimeout must be less than or equal to maxLifeTime/,
  );
  await expect(create('B', { maxLifetime: 40_000 })).rejects.toThrow(/the maximum is 28800/);
  const { agentRuntimeId } = await create('C', { maxLifetime: 120 });
  const { lifecycleConfiguration } = await waitUntilSettled(control, agentRuntimeId);
  expect(lifecycleConfiguration).toEqual({ idleRuntimeSessionTimeout: 120, maxLifetime: 120 });
});

test('deleting a runtime ends its sessions', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const control = useControlPlane(emulator);
  const runtimeSessionId = sessionId('deleted');
  await emulator.invoke({ runtimeSessionId });
  const agentRuntimeId = emulator.agent.runtimeId;
  const deleted = await control.send(new DeleteAgentRuntimeCommand({ agentRuntimeId }));
  expect(deleted).toMatchObject({ agentRuntimeId, status: 'DELETING' });
  await expect(emulator.invoke({ runtimeSessionId })).rejects.toThrow(
    /^No endpoint or agent found with qualifier 'DEFAULT' for agent 'arn:/,
  );
  await eventually(async () => {
    expect(await emulator.sessions()).toMatchObject([
      { state: 'terminated', reason: 'runtime-deleted' },
    ]);
    expect(await emulator.admin('/agents')).toEqual({ agents: [] });
  });
});
