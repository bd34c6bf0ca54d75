import { expect, onTestFinished, vi } from 'vitest';
import type { AgentSource } from '../../emulator/index.ts';
import { createAws } from '../../src/aws/aws.ts';
import { createTargets, type TargetMemory } from '../../src/core/targets/targets.ts';
import {
  targetId,
  type AwsRequest,
  type AwsView,
  type DeployedTarget,
} from '../../src/shared/targets.ts';
import { echoAgent, useAgent } from './agents.ts';
import { useAwsStandIn } from './awsStandIn.ts';
import { useChatOf } from './localChat.ts';

/** A chat without local agents on a machine whose AWS is a second emulator. */
export async function useAwsChat(
  memory: TargetMemory = { read: () => [], write: () => {} },
  lifecycle: AgentSource['lifecycle'] = {},
) {
  const aws = await useAwsStandIn([await useAgent(echoAgent, { lifecycle })]);
  let ahead = 0;
  for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const real = createAws(process.env, () => undefined);
  const readLifecycle = vi.fn<typeof real.readLifecycle>(real.readLifecycle);
  const targets = createTargets({
    local: {
      source: {
        now: () => ({ connection: { state: 'starting' }, agents: [] }),
        onChange: () => () => {},
      },
      invoke: () => expect.fail('nothing is local'),
      tools: () => expect.fail('nothing is local'),
      sessions: { follow: () => expect.fail('nothing is local'), stop: async () => {} },
    },
    aws: { ...real, readLifecycle },
    memory,
    now: () => Date.now() + ahead,
  });
  onTestFinished(targets.dispose);
  const chat = useChatOf(targets);
  const request = (wanted: AwsRequest) => chat.view.send({ type: 'aws', request: wanted });
  return {
    ...chat,
    aws,
    readLifecycle,
    request,
    /** So much later by the chat's clock. */
    later: (seconds: number) => void (ahead += seconds * 1000),
    async told<Part extends keyof AwsView>(part: Part, wanted: AwsRequest) {
      request(wanted);
      const state = await chat.view.until(
        ({ aws: view }) => view![part].state === 'loaded' || view![part].state === 'failed',
      );
      return state.aws![part];
    },
    talkTo(target: DeployedTarget) {
      request({ type: 'addTarget', target });
      chat.view.send({ type: 'chooseAgent', agent: targetId(target) });
    },
  };
}
