import { ResourceNotFoundException } from '@aws-sdk/client-bedrock-agentcore';
import {
  CreateAgentRuntimeEndpointCommand,
  GetAgentRuntimeCommand,
  ListAgentRuntimesCommand,
  ListAgentRuntimeVersionsCommand,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { echoAgent, serverAgent, useAgent, useFolder } from '../../../../support/agents.ts';
import { useControlPlane } from '../../../../support/controlPlane.ts';
import { sessionId, useEmulator } from '../../../../support/emulator.ts';

const settingAgent = serverAgent(
  `if (url === '/invocations') return json(response, { setting: process.env.SETTING });`,
);

test('a project agent appears as a runtime in the control plane', async () => {
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

test('a changed project agent becomes a new version, and an endpoint keeps its pinned version', async () => {
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
  expect(agentRuntimes?.map((each) => each.agentRuntimeVersion)).toEqual(['2', '1']);
});

test('agentcore.json declares endpoints, and one that pins a missing version serves the newest with a warning', async () => {
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
    'Agent: Endpoint later pins version 7, which does not exist here (existing: 1). It serves version 1.',
  );
  expect(await emulator.invoke({ qualifier: 'later' })).toMatchObject({ turns: 1 });
  await emulator.close();

  const without = await useEmulator({ agents: [{ ...agent, endpoints: [] }], dataFolder });
  expect(without.agent.endpoints).toEqual([{ name: 'DEFAULT', version: '1' }]);
});

test('a project agent that AWS would reject runs with a warning', async () => {
  const agent = await useAgent(echoAgent, { environment: { KEY: 'two\nlines' } });
  const emulator = await useEmulator({ agents: [agent] });
  expect(emulator.log.join('\n')).toContain(
    "Agent runs here, but AWS would reject it: Invalid request provided: Environment variable value contains invalid control characters (0x00-0x1F, 0x7F). Key: 'KEY'",
  );
  expect(await emulator.invoke()).toMatchObject({ turns: 1 });
});

test('the limit of a project agent’s variables depends on the platform version', async () => {
  const agent = await useAgent(echoAgent, { environment: { A: 'x'.repeat(2000) } });
  const onV2 = await useEmulator({ agents: [agent] });
  expect(onV2.log.join('\n')).toContain(
    'Agent runs here, but AWS would reject it: Invalid request provided: environmentVariables have 2001 bytes, and AWS accepts 1536 in all.',
  );
  const onV1 = await useEmulator({ agents: [agent], platformVersion: 'V1' });
  expect(onV1.log.join('\n')).not.toContain('AWS would reject it');
});

test('an unknown qualifier is rejected with the existing endpoints', async () => {
  const emulator = await useEmulator({
    agents: [await useAgent(echoAgent, { endpoints: [{ name: 'prod', version: '1' }] })],
  });
  const invoking = emulator.invoke({ qualifier: 'staging' });
  await expect(invoking).rejects.toBeInstanceOf(ResourceNotFoundException);
  await expect(invoking).rejects.toThrow(
    /qualifier 'staging' .* has the endpoints DEFAULT, prod\./,
  );
});

test('the ARN of a project agent uses the current Region', async () => {
  const agents = [await useAgent(echoAgent)];
  const dataFolder = await useFolder();
  const first = await useEmulator({ agents, dataFolder });
  await first.close();
  const second = await useEmulator({ agents, dataFolder, region: 'eu-central-1' });
  expect(second.agent.arn).toBe(first.agent.arn.replace('us-east-1', 'eu-central-1'));
  expect(await second.invoke()).toMatchObject({ turns: 1 });
});
