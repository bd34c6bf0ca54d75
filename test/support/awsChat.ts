import { expect, onTestFinished, vi } from 'vitest';
import type { ProjectAgentSource } from '../../emulator/index.ts';
import { createAwsDirectory } from '../../src/aws/awsDirectory.ts';
import { chooseCredentials } from '../../src/aws/credentials.ts';
import { createTargetClient } from '../../src/aws/targetClient.ts';
import { createAgentRegistry, type AgentRegistry } from '../../src/core/agents/agentRegistry.ts';
import {
  createAwsAgents,
  type AwsDirectory,
  type TargetStore,
} from '../../src/core/targets/awsAgents.ts';
import { createInMemoryConversations } from '../../src/core/chat/conversations/inMemoryConversations.ts';
import type { ConversationStore } from '../../src/core/chat/conversations/conversationStore.ts';
import { createTokens, inMemoryTokens } from '../../src/core/targets/tokens.ts';
import type { AwsView } from '../../src/shared/aws.ts';
import type { AwsRequest } from '../../src/shared/schemas/viewMessage.ts';
import { targetId, type Target } from '../../src/shared/target.ts';
import { echoAgent, useAgent } from './agents.ts';
import { useAwsStandIn } from './awsStandIn.ts';
import { useChatWithRegistry } from './localChat.ts';

/** Creates a registry of AWS agents only, with this machine's AWS configuration. */
export function useAwsRegistry(
  store: TargetStore,
  {
    directory = createAwsDirectory(process.env),
    now = Date.now,
  }: { readonly directory?: AwsDirectory; readonly now?: () => number } = {},
): AgentRegistry {
  const tokens = createTokens(inMemoryTokens);
  const registry = createAgentRegistry({
    emulator: {
      agents: () => [],
      onChange: () => () => {},
      connect: () => null,
      connection: () => ({ state: 'starting' }),
      reconnect: () => expect.fail('there is no local emulator to reconnect to'),
      refresh: async () => {},
      close() {},
    },
    aws: createAwsAgents({
      directory,
      store,
      openClient: (target) => createTargetClient(target, chooseCredentials(target)),
      tokens,
      now,
    }),
    tokens,
  });
  onTestFinished(registry.close);
  return registry;
}

/** Opens a chat with AWS agents only. A second emulator stands in for AWS. */
export async function useAwsChat({
  store = { read: () => [], write: () => {} },
  lifecycle = {},
  allowedPorts,
  conversations = createInMemoryConversations(),
}: {
  readonly store?: TargetStore;
  readonly lifecycle?: ProjectAgentSource['lifecycle'];
  readonly allowedPorts?: ProjectAgentSource['allowedPorts'];
  readonly conversations?: ConversationStore;
} = {}) {
  const aws = await useAwsStandIn([await useAgent(echoAgent, { lifecycle, allowedPorts })]);
  let ahead = 0;
  for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const directory = createAwsDirectory(process.env);
  const readLifecycle = vi.fn<typeof directory.readLifecycle>(directory.readLifecycle);
  const registry = useAwsRegistry(store, {
    directory: { ...directory, readLifecycle },
    now: () => Date.now() + ahead,
  });
  const chat = useChatWithRegistry(registry, { conversations });
  const request = (message: AwsRequest) => chat.view.send({ type: 'aws', request: message });
  return {
    ...chat,
    aws,
    readLifecycle,
    request,
    /** Advances the chat's clock. */
    later: (seconds: number) => void (ahead += seconds * 1000),
    /** Sends a request and resolves to the loaded part of the state. */
    async load<Part extends keyof AwsView>(part: Part, message: AwsRequest) {
      request(message);
      const state = await chat.view.until(
        ({ aws: view }) => view![part].state === 'loaded' || view![part].state === 'failed',
      );
      return state.aws![part];
    },
    talkTo(target: Target) {
      request({ type: 'addTarget', target });
      chat.view.send({ type: 'chooseAgent', agent: targetId(target) });
    },
    /** Returns the target of the second emulator's agent, with a profile that has access. */
    target: (change: Partial<Target> = {}): Target => ({
      profile: 'dev',
      region: 'eu-central-1',
      runtimeArn: aws.agent.arn,
      qualifier: 'DEFAULT',
      protocol: 'HTTP',
      authorization: 'signature',
      ...change,
    }),
  };
}
