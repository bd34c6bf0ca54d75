import { UpdateAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, onTestFinished, test } from 'vitest';
import { openAgentRegistry } from '../../../src/aws/openAgentRegistry.ts';
import { connectEmulator } from '../../../src/core/emulatorClient/emulatorConnection.ts';
import { inMemoryTokens } from '../../../src/core/targets/tokens.ts';
import { echoAgent, useAgent } from '../../support/agents.ts';
import { useControlPlane, waitUntilSettled } from '../../support/controlPlane.ts';
import { sessionId, useEmulator } from '../../support/emulator.ts';
import { useEmulatorAgents } from '../../support/localChat.ts';

test('targets do not contain the emulator’s token, and agents are called with it', async () => {
  const token = 'operator-secret';
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)], token });
  const registry = openAgentRegistry({
    emulator: connectEmulator(emulator.url),
    targets: 'This test calls only the emulator.',
    tokens: inMemoryTokens,
    logger: { warn() {} },
  });
  onTestFinished(() => registry.close());
  await registry.emulator.refresh();

  const [agent] = registry.agents();
  expect(emulator.url).toContain(token);
  expect(JSON.stringify(registry.agents())).not.toContain(token);
  const stop = registry.connect(agent!.target).stopSession(sessionId('none'));
  await expect(stop).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a connection uses the protocol that a new version of the runtime has', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const registry = await useEmulatorAgents(emulator.url);
  const connect = () => registry.connect(registry.agents()[0]!.target);
  const createClient = () => connect().createClient({ actorId: null, transport: 'http' });
  expect(createClient()).not.toHaveProperty('listTools');
  expect(connect()).toBe(connect());

  const control = useControlPlane(emulator);
  const { runtimeId: agentRuntimeId } = emulator.agent;
  const { agentRuntimeArtifact, networkConfiguration, roleArn } = await waitUntilSettled(
    control,
    agentRuntimeId,
  );
  await control.send(
    new UpdateAgentRuntimeCommand({
      agentRuntimeId,
      agentRuntimeArtifact,
      networkConfiguration,
      roleArn,
      protocolConfiguration: { serverProtocol: 'MCP' },
    }),
  );
  await waitUntilSettled(control, agentRuntimeId);
  await registry.emulator.refresh();
  expect(createClient()).toHaveProperty('listTools');
});
