import { ResourceNotFoundException } from '@aws-sdk/client-bedrock-agentcore';
import {
  ConflictException,
  CreateAgentRuntimeCommand,
  CreateAgentRuntimeEndpointCommand,
  DeleteAgentRuntimeCommand,
  GetAgentRuntimeCommand,
  ListAgentRuntimesCommand,
  ListAgentRuntimeVersionsCommand,
  paginateListAgentRuntimes,
  UpdateAgentRuntimeCommand,
  ValidationException,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { beforeEach, expect, test, vi } from 'vitest';
import { echoAgent, serverAgent, useAgent, useFolder } from '../../../support/agents.ts';
import { nodeCode, settled, useControlPlane } from '../../../support/controlPlane.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';
import { eventually } from '../../../support/eventually.ts';

const settingAgent = serverAgent(
  `if (url === '/invocations') return json(response, { setting: process.env.SETTING });`,
);

// Port 1 is nobody's: what is deployed in these tests is looked for in vain.
beforeEach(() => {
  vi.stubEnv('AWS_ENDPOINT_URL_S3', 'http://127.0.0.1:1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  return () => void vi.unstubAllEnvs();
});

test('an agent of the project is a runtime of the control plane', async () => {
  const emulator = await useEmulator({
    agents: [
      await useAgent(echoAgent, {
        environment: { A: '1' },
        headerAllowlist: ['X-Mine'],
        mounts: ['/mnt/data'],
        lifecycle: { maxLifetime: 600 },
      }),
    ],
  });
  const control = useControlPlane(emulator);
  const { runtimeId, arn } = emulator.agent;
  expect(
    await control.send(new GetAgentRuntimeCommand({ agentRuntimeId: runtimeId })),
  ).toMatchObject({
    agentRuntimeArn: arn,
    agentRuntimeName: 'Test_Agent',
    agentRuntimeVersion: '1',
    status: 'READY',
    networkConfiguration: { networkMode: 'PUBLIC' },
    protocolConfiguration: { serverProtocol: 'HTTP' },
    environmentVariables: { A: '1' },
    requestHeaderConfiguration: { requestHeaderAllowlist: ['X-Mine'] },
    filesystemConfigurations: [{ sessionStorage: { mountPath: '/mnt/data' } }],
    lifecycleConfiguration: { idleRuntimeSessionTimeout: 600, maxLifetime: 600 },
  });
  const { agentRuntimes } = await control.send(new ListAgentRuntimesCommand());
  expect(agentRuntimes).toMatchObject([{ agentRuntimeId: runtimeId, status: 'READY' }]);
});

test('what a project says anew of an agent is a new version, and an endpoint keeps the one it pins', async () => {
  const dataFolder = await useFolder();
  const agent = await useAgent(settingAgent, { environment: { SETTING: 'old' } });
  const first = await useEmulator({ agents: [agent], dataFolder });
  await useControlPlane(first).send(
    new CreateAgentRuntimeEndpointCommand({ agentRuntimeId: first.agent.runtimeId, name: 'prod' }),
  );
  await first.close();

  const changed = { ...agent, environment: { SETTING: 'new' } };
  const second = await useEmulator({ agents: [changed], dataFolder });
  expect(second.agent).toMatchObject({
    runtimeId: first.agent.runtimeId,
    endpoints: [
      { name: 'DEFAULT', version: '2' },
      { name: 'prod', version: '1' },
    ],
  });
  const runtimeSessionId = sessionId('one');
  expect(await second.invoke({ runtimeSessionId })).toEqual({ setting: 'new' });
  expect(await second.invoke({ runtimeSessionId, qualifier: 'prod' })).toEqual({ setting: 'old' });
  expect(await second.sessions()).toMatchObject([
    { qualifier: 'DEFAULT', version: '2', run: 1, state: 'idle' },
    { qualifier: 'prod', version: '1', run: 2, state: 'idle' },
  ]);
  await second.close();

  const third = await useEmulator({ agents: [changed], dataFolder });
  const { agentRuntimes } = await useControlPlane(third).send(
    new ListAgentRuntimeVersionsCommand({ agentRuntimeId: third.agent.runtimeId }),
  );
  expect(agentRuntimes?.map((each) => each.agentRuntimeVersion)).toEqual(['1', '2']);
});

test('endpoints of agentcore.json are named endpoints; one that pins what is not there serves the newest, and says so', async () => {
  const agent = await useAgent(echoAgent, {
    endpoints: [
      { name: 'prod', version: '1', description: 'for all' },
      { name: 'later', version: '7' },
    ],
  });
  const dataFolder = await useFolder();
  const emulator = await useEmulator({ agents: [agent], dataFolder });
  expect(emulator.agent.endpoints).toEqual([
    { name: 'DEFAULT', version: '1' },
    { name: 'prod', version: '1' },
    { name: 'later', version: '1' },
  ]);
  expect(emulator.log.join('\n')).toContain(
    'Agent: its endpoint later pins version 7, and here there is 1: it serves version 1',
  );
  expect(await emulator.invoke({ qualifier: 'later' })).toMatchObject({ turns: 1 });
  await emulator.close();

  const without = await useEmulator({ agents: [{ ...agent, endpoints: [] }], dataFolder });
  expect(without.agent.endpoints).toEqual([{ name: 'DEFAULT', version: '1' }]);
});

test('an unknown qualifier is refused with the endpoints that there are', async () => {
  const emulator = await useEmulator({
    agents: [await useAgent(echoAgent, { endpoints: [{ name: 'prod', version: '1' }] })],
  });
  const invoking = emulator.invoke({ qualifier: 'staging' });
  await expect(invoking).rejects.toBeInstanceOf(ResourceNotFoundException);
  await expect(invoking).rejects.toThrow(/no endpoint 'staging'; it has DEFAULT, prod/);
});

test('what cannot be obtained is CREATE_FAILED with the reason, and no session starts', async () => {
  const emulator = await useEmulator({ agents: [] });
  const control = useControlPlane(emulator);
  const created = await control.send(new CreateAgentRuntimeCommand(nodeCode('Lost')));
  expect(created).toMatchObject({ status: 'CREATING', agentRuntimeVersion: '1' });
  expect(created.agentRuntimeId).toMatch(/^Lost-[a-zA-Z0-9]{10}$/);

  const reason = /s3:\/\/code\/agent\.zip cannot be read: .*ECONNREFUSED/;
  expect(await settled(control, created.agentRuntimeId)).toMatchObject({
    status: 'CREATE_FAILED',
    failureReason: expect.stringMatching(reason) as string,
  });
  const invoking = emulator.invoke({ agentRuntimeArn: created.agentRuntimeArn });
  await expect(invoking).rejects.toBeInstanceOf(ResourceNotFoundException);
  await expect(invoking).rejects.toThrow(reason);
  const { agents } = await emulator.admin<{ agents: object[] }>('/agents');
  expect(agents).toMatchObject([{ name: 'Lost', status: 'CREATE_FAILED' }]);
});

test('a failed update leaves the version before in service', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const control = useControlPlane(emulator);
  const { agentRuntimeName: _, ...given } = nodeCode('unused');
  const agentRuntimeId = emulator.agent.runtimeId;
  const updated = await control.send(new UpdateAgentRuntimeCommand({ ...given, agentRuntimeId }));
  expect(updated).toMatchObject({ status: 'UPDATING', agentRuntimeVersion: '2' });
  expect(await settled(control, agentRuntimeId)).toMatchObject({
    status: 'UPDATE_FAILED',
    agentRuntimeVersion: '2',
  });
  expect(await emulator.invoke({ runtimeSessionId: sessionId('old') })).toMatchObject({ turns: 1 });
  expect(await emulator.sessions()).toMatchObject([{ version: '1' }]);
});

test('a runtime gives back all that it was given, defaults included', async () => {
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
    platformVersion: '1.0',
  };
  const { agentRuntimeId } = await control.send(new CreateAgentRuntimeCommand(given));
  expect(await settled(control, agentRuntimeId)).toMatchObject(given);
  expect(emulator.log.join('\n')).toMatch(
    /networkMode VPC is not emulated[^]*efsAccessPoint at \/mnt\/efs is not emulated/,
  );
  // An update is a full replacement: what it does not say is as if it had never been said.
  const { agentRuntimeName: _, ...less } = nodeCode('Whole');
  await control.send(new UpdateAgentRuntimeCommand({ ...less, agentRuntimeId }));
  const after = await settled(control, agentRuntimeId);
  expect(after).toMatchObject({
    agentRuntimeVersion: '2',
    networkConfiguration: { networkMode: 'PUBLIC' },
    protocolConfiguration: { serverProtocol: 'HTTP' },
    lifecycleConfiguration: { idleRuntimeSessionTimeout: 900, maxLifetime: 28_800 },
  });
  expect(after.description).toBeUndefined();
  expect(after.environmentVariables).toBeUndefined();
  expect(
    await control.send(new GetAgentRuntimeCommand({ agentRuntimeId, agentRuntimeVersion: '1' })),
  ).toMatchObject({ ...given, agentRuntimeVersion: '1' });
});

test('a name is given once, and again when its runtime is gone', async () => {
  const control = useControlPlane(await useEmulator({ agents: [] }));
  const { agentRuntimeId } = await control.send(new CreateAgentRuntimeCommand(nodeCode('Same')));
  await settled(control, agentRuntimeId);
  const again = () => control.send(new CreateAgentRuntimeCommand(nodeCode('Same')));
  await expect(again()).rejects.toBeInstanceOf(ConflictException);
  await control.send(new DeleteAgentRuntimeCommand({ agentRuntimeId }));
  await eventually(async () => {
    const getting = control.send(new GetAgentRuntimeCommand({ agentRuntimeId }));
    await expect(getting).rejects.toThrow(/No agent runtime/);
  });
  expect((await again()).agentRuntimeId).not.toBe(agentRuntimeId);
});

test('a request that is sent twice with one client token is done once', async () => {
  const control = useControlPlane(await useEmulator({ agents: [] }));
  const clientToken = 'a'.repeat(33);
  const create = (name: string) =>
    control.send(new CreateAgentRuntimeCommand({ ...nodeCode(name), clientToken }));
  const first = await create('Once');
  expect((await create('Once')).agentRuntimeId).toBe(first.agentRuntimeId);
  const other = await create('Twice').catch((error: unknown) => error);
  expect(other).toBeInstanceOf(ValidationException);
  expect(other).toMatchObject({ reason: 'IdempotentParameterMismatchException' });
  const { agentRuntimes } = await control.send(new ListAgentRuntimesCommand());
  expect(agentRuntimes).toHaveLength(1);
});

test('pages hold every runtime once; a token of another list is refused', async () => {
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
    await expect(listing).rejects.toThrow(/nextToken: '.*' was not given by an answer/);
  }
});

test('a session cannot idle longer than it lives, and a short life is its idle time', async () => {
  const control = useControlPlane(await useEmulator({ agents: [] }));
  const create = (name: string, lifecycleConfiguration: object) =>
    control.send(new CreateAgentRuntimeCommand({ ...nodeCode(name), lifecycleConfiguration }));
  await expect(create('A', { idleRuntimeSessionTimeout: 300, maxLifetime: 120 })).rejects.toThrow(
    /idleRuntimeSessionTimeout must be less than or equal to maxLifetime/,
  );
  await expect(create('B', { maxLifetime: 40_000 })).rejects.toThrow(/at most 28800/);
  const { agentRuntimeId } = await create('C', { maxLifetime: 120 });
  const { lifecycleConfiguration } = await settled(control, agentRuntimeId);
  expect(lifecycleConfiguration).toEqual({ idleRuntimeSessionTimeout: 120, maxLifetime: 120 });
});

test('the ARN of a project’s agent is of the region of the moment', async () => {
  const agents = [await useAgent(echoAgent)];
  const dataFolder = await useFolder();
  const first = await useEmulator({ agents, dataFolder });
  await first.close();
  const second = await useEmulator({ agents, dataFolder, region: 'eu-central-1' });
  expect(second.agent.arn).toBe(first.agent.arn.replace('us-east-1', 'eu-central-1'));
  expect(await second.invoke()).toMatchObject({ turns: 1 });
});

test('the deletion of a runtime ends its sessions', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const control = useControlPlane(emulator);
  const runtimeSessionId = sessionId('doomed');
  await emulator.invoke({ runtimeSessionId });
  const agentRuntimeId = emulator.agent.runtimeId;
  const deleted = await control.send(new DeleteAgentRuntimeCommand({ agentRuntimeId }));
  expect(deleted).toMatchObject({ agentRuntimeId, status: 'DELETING' });
  await expect(emulator.invoke({ runtimeSessionId })).rejects.toThrow(/No agent runtime/);
  await eventually(async () => {
    expect(await emulator.sessions()).toMatchObject([
      { state: 'terminated', reason: 'runtime-deleted' },
    ]);
    expect(await emulator.admin('/agents')).toEqual({ agents: [] });
  });
});

test.each([
  'mine:dev',
  'localhost:5000/team/agent_1:1.0-a',
  'ghcr.io/some/agent@sha256:' + 'a'.repeat(64),
  '123456789012.dkr.ecr.us-east-1.amazonaws.com/agent',
])('%s may be an image', async (containerUri) => {
  const control = useControlPlane(await useEmulator({ agents: [], engine: 'unix:///none.sock' }));
  const { agentRuntimeId } = await control.send(new CreateAgentRuntimeCommand(image(containerUri)));
  expect(await settled(control, agentRuntimeId)).toMatchObject({
    status: 'CREATE_FAILED',
    failureReason: expect.stringMatching(/it needs a container engine.*none\.sock/) as string,
  });
});

test.each(['../containers', 'a/../b', 'No Reference', 'x?y', 'mine:'])(
  '%s is no image',
  async (containerUri) => {
    const control = useControlPlane(await useEmulator({ agents: [] }));
    const creating = control.send(new CreateAgentRuntimeCommand(image(containerUri)));
    await expect(creating).rejects.toBeInstanceOf(ValidationException);
    await expect(creating).rejects.toThrow(/is no reference of an image/);
  },
);

test.each(['/etc/agent.js', '../agent.js', 'a/../../agent.js', '..\\agent.js', 'C:agent.js'])(
  'the entry point %s, which leads out of the zip, is refused',
  async (file) => {
    const control = useControlPlane(await useEmulator({ agents: [] }));
    const request = nodeCode('Outside');
    request.agentRuntimeArtifact.codeConfiguration.entryPoint = [file];
    const creating = control.send(new CreateAgentRuntimeCommand(request));
    await expect(creating).rejects.toBeInstanceOf(ValidationException);
    await expect(creating).rejects.toThrow(/leads out of the zip/);
  },
);

/** A request for a runtime of an image. */
const image = (containerUri: string) => ({
  agentRuntimeName: 'Image',
  roleArn: 'arn:aws:iam::000000000000:role/agent',
  agentRuntimeArtifact: { containerConfiguration: { containerUri } },
});
