import { expect, test } from 'vitest';
import { createAgentRegistry, type AgentProvider } from '../../../src/core/agents/agentRegistry.ts';
import { createEmitter } from '../../../src/core/emitter.ts';
import { createTokens, inMemoryTokens } from '../../../src/core/targets/tokens.ts';
import type { Agent } from '../../../src/shared/agent.ts';
import { deployedAgent, exampleAgent, fakeConnection } from '../../support/registry.ts';

function useProvider(agents: readonly Agent[]) {
  const { subscribe, emit } = createEmitter();
  const connection = fakeConnection(() => expect.fail('nothing is sent'));
  const provider: AgentProvider = {
    agents: () => agents,
    onChange: subscribe,
    connect: (agent) => (agents.some(({ id }) => id === agent) ? connection : null),
    close() {},
  };
  return { provider, connection, emit };
}

function useRegistry() {
  const [local, shared] = [exampleAgent('Local'), exampleAgent('Shared')];
  const deployed = deployedAgent('Deployed');
  const emulator = useProvider([local, shared]);
  const aws = useProvider([deployed, deployedAgent('Shared')]);
  const registry = createAgentRegistry({
    emulator: {
      ...emulator.provider,
      connection: () => ({ state: 'ready' }),
      reconnect() {},
      refresh: async () => {},
    },
    aws: {
      ...aws.provider,
      view: () => expect.fail('not read'),
      request: () => expect.fail('nothing is requested'),
    },
    tokens: createTokens(inMemoryTokens),
  });
  return { registry, local, shared, deployed, emulator, aws };
}

test('local agents come first, and an agent of both providers is listed once, as local', () => {
  const { registry, local, shared, deployed } = useRegistry();
  expect(registry.agents()).toEqual([local, shared, deployed]);
});

test('a target connects to the provider that lists its agent, whatever endpoint it was stored with', () => {
  const { registry, local, shared, deployed, emulator, aws } = useRegistry();
  expect(registry.connect(deployed.target)).toBe(aws.connection);
  expect(registry.connect({ ...deployed.target, profile: 'other' })).toBe(aws.connection);
  expect(registry.connect(deployedAgent('Shared').target)).toBe(emulator.connection);
  expect(registry.connect({ ...shared.target, endpoint: 'http://127.0.0.1:1' })).toBe(
    emulator.connection,
  );
  expect(registry.connect(local.target)).toBe(emulator.connection);
});

test('a registry reports the changes of each provider', () => {
  const { registry, emulator, aws } = useRegistry();
  let changes = 0;
  const unsubscribe = registry.onChange(() => (changes += 1));
  emulator.emit();
  aws.emit();
  unsubscribe();
  aws.emit();
  expect(changes).toBe(2);
});
