import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, expect, test, vi } from 'vitest';
import { serverAgent, useAgent } from '../../../support/agents.ts';
import { useEmulator } from '../../../support/emulator.ts';

const printEnvironment = serverAgent(
  `if (url === '/invocations') return json(response, process.env);`,
);

afterEach(() => vi.unstubAllEnvs());

test('A session has what SDKs need to call the emulator, and its calls are in its timeline.', async () => {
  vi.stubEnv('ANTHROPIC_API_KEY', 'sk-developer');
  const agent = await useAgent(printEnvironment);
  const emulator = await useEmulator({ agents: [agent] });
  const id = 'session-'.padEnd(40, '0');
  const environment = await emulator.invoke({ runtimeSessionId: id });
  expect(environment).toMatchObject({
    ANTHROPIC_API_KEY: 'local',
    OPENAI_API_KEY: 'local',
    CLAUDE_CODE_USE_BEDROCK: '0',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    OPENAI_AGENTS_DISABLE_TRACING: 'true',
  });
  const { ANTHROPIC_BASE_URL, OPENAI_BASE_URL } = environment as Record<string, string>;
  const anthropic = new Anthropic({ baseURL: ANTHROPIC_BASE_URL, apiKey: 'local' });
  const openai = new OpenAI({ baseURL: OPENAI_BASE_URL, apiKey: 'local' });
  const messages = [{ role: 'user' as const, content: 'Hello' }];
  const message = await anthropic.messages
    .stream({ model: 'claude-sonnet-5', max_tokens: 100, messages })
    .finalMessage();
  expect(message.stop_reason).toBe('end_turn');
  const response = await openai.responses.create({ model: 'gpt-5.4', input: 'Hello' });
  expect(response.output_text).toContain('offline model');
  await expect
    .poll(async () => (await emulator.timeline(id)).map((entry) => JSON.stringify(entry)))
    .toEqual(
      expect.arrayContaining([
        expect.stringContaining('anthropic messages'),
        expect.stringContaining('openai responses'),
      ]),
    );
});

test('Keys of the project and of its .env file are kept.', async () => {
  const agent = await useAgent(printEnvironment, { environment: { OPENAI_API_KEY: 'sk-project' } });
  await writeFile(join(agent.code, '.env'), 'ANTHROPIC_API_KEY=sk-file\n');
  const { invoke } = await useEmulator({ agents: [agent] });
  const environment = await invoke();
  expect(environment['OPENAI_API_KEY']).toBe('sk-project');
  // The program loads its file, which does not replace a variable that is set.
  expect(environment).not.toHaveProperty('ANTHROPIC_API_KEY');
  // With a key of its own, the project decides on its traces.
  expect(environment).not.toHaveProperty('CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC');
  expect(environment).not.toHaveProperty('OPENAI_AGENTS_DISABLE_TRACING');
});

test('A project without a key can configure its own traces.', async () => {
  const own = { OPENAI_AGENTS_DISABLE_TRACING: 'false' };
  const { invoke } = await useEmulator({
    agents: [await useAgent(printEnvironment, { environment: own })],
  });
  expect(await invoke()).toMatchObject({ ...own, OPENAI_API_KEY: 'local' });
});

test('The log names the variables with which agents call AWS, without their values.', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example-secret');
  const { log } = await useEmulator({ agents: [] });
  const line = log.find((each) => each.includes('AWS_ACCESS_KEY_ID'));
  expect(line).toMatch(/^Agents without their own AWS credentials call AWS with yours: /);
  expect(line).toContain('AWS_SECRET_ACCESS_KEY');
  expect(log.join('\n')).not.toMatch(/AKIAEXAMPLE|example-secret/);
});
