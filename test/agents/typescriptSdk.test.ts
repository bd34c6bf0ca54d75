import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AgentSource } from '../../emulator/index.ts';
import { useAgent } from '../support/agents.ts';
import { sample } from '../support/command.ts';
import { sessionId, useEmulator } from '../support/emulator.ts';

/** Creates an agent on the unmodified official SDK for TypeScript, with `process` as its handler. */
async function useSdkAgent(process: string): Promise<AgentSource> {
  const agent = await useAgent(`
    import { BedrockAgentCoreApp } from 'bedrock-agentcore/runtime';
    const app = new BedrockAgentCoreApp({
      invocationHandler: { process: ${process} },
      config: { logging: { enabled: false } },
    });
    app.run();
  `);
  const packages = join(sample, 'app', 'Assistant', 'node_modules');
  await symlink(packages, join(agent.root, 'node_modules'), 'junction');
  return agent;
}

test('an SDK agent finds its session’s workload access token in its context', async () => {
  const agent = await useSdkAgent(
    `(_, { workloadAccessToken, headers }) => ({ token: workloadAccessToken, headers })`,
  );
  const { invoke } = await useEmulator({ agents: [agent] });
  const ask = (name: string) => invoke({ runtimeSessionId: sessionId(name) });
  const { token, headers } = await ask('a');
  expect(token).toMatch(/^[\w-]{43}$/);
  // The SDK forwards the newer header, which agents use to call each other.
  expect(headers).toMatchObject({ 'x-amz-bedrock-agentcore-identity-wat': token });
  expect((await ask('a'))['token']).toBe(token);
  expect((await ask('b'))['token']).not.toBe(token);
});
