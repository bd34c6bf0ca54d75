import { expect, onTestFinished, test } from 'vitest';
import { openAgentRegistry } from '../../../src/aws/openAgentRegistry.ts';
import { connectEmulator } from '../../../src/core/emulatorClient/emulatorConnection.ts';
import { inMemoryTokens } from '../../../src/core/targets/tokens.ts';
import { echoAgent, useAgent } from '../../support/agents.ts';
import { sessionId, useEmulator } from '../../support/emulator.ts';

test('targets do not contain the emulator’s token, and agents are called with it', async () => {
  const token = 'operator-secret';
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)], token });
  const registry = openAgentRegistry({
    emulator: connectEmulator(emulator.url),
    targets: null,
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
