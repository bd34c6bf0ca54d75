import type { TargetConnection } from '../../src/core/agents/targetConnection.ts';
import type { AgentRegistry } from '../../src/core/agents/agentRegistry.ts';
import type { ProtocolClient } from '../../src/core/agents/protocolClient.ts';
import { createEmitter } from '../../src/core/emitter.ts';
import { createTokens, inMemoryTokens } from '../../src/core/targets/tokens.ts';
import type { Agent, Connection } from '../../src/shared/agent.ts';
import { targetId, type Target } from '../../src/shared/target.ts';

/** Creates an agent of an emulator that does not exist. */
export function exampleAgent(name: string, target: Partial<Target> = {}): Agent {
  const fullTarget: Target = {
    endpoint: 'http://127.0.0.1:9310',
    region: 'us-east-1',
    runtimeArn: `arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/${name}-0123456789`,
    qualifier: 'DEFAULT',
    protocol: 'HTTP',
    authorization: 'signature',
    ...target,
  };
  return { id: targetId(fullTarget), name, target: fullTarget };
}

/** Creates an agent in AWS. */
export function deployedAgent(name: string, target: Partial<Target> = {}): Agent {
  const {
    target: { endpoint: _, ...rest },
  } = exampleAgent(name, target);
  return { id: targetId(rest), name, target: rest };
}

/** A registry whose agents the test sets. */
export interface TestRegistry extends AgentRegistry {
  set(change: { readonly connection?: Connection; readonly agents?: readonly Agent[] }): void;
}

/** Creates a registry of these agents, which share one connection. */
export function createTestRegistry({
  agents,
  connection: connect,
  status = { state: 'ready' },
  tokens = createTokens(inMemoryTokens),
  reconnect = () => {},
}: {
  readonly agents: readonly Agent[];
  readonly connection: TargetConnection;
  readonly status?: Connection;
  readonly tokens?: AgentRegistry['tokens'];
  readonly reconnect?: () => void;
}): TestRegistry {
  const { subscribe, emit } = createEmitter();
  let current = { agents, connection: status };
  return {
    agents: () => current.agents,
    onChange: subscribe,
    connect: () => connect,
    emulator: { connection: () => current.connection, reconnect, refresh: async () => {} },
    aws: null,
    awsUnavailable: 'This test calls only the emulator.',
    tokens,
    close() {},
    set(change) {
      current = { ...current, ...change };
      emit();
    },
  };
}

/** Creates a connection that sends messages with this function and reports no sessions. */
export function fakeConnection(
  send: ProtocolClient['send'],
  client: Partial<ProtocolClient> = {},
): TargetConnection {
  return {
    createClient: () => ({ send, ...client }),
    followSession: () => () => {},
    readMachines: async () => null,
    readModels: async () => null,
    chooseModel: async () => {},
    stopSession: async () => {},
  };
}
