import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { expect, onTestFinished, test, vi } from 'vitest';
import { serverAgent, useAgent, useFolder } from '../../../../support/agents.ts';
import { sessionId, useEmulator } from '../../../../support/emulator.ts';
import { sendEvents, useModelServer } from '../../../../support/modelServer.ts';
import { useBedrockRuntime } from '../../../../support/models.ts';
import { useMoto } from '../../../../support/moto.ts';

/** Returns its environment. */
const agent = serverAgent(`if (url === '/invocations') return json(response, process.env);`);

const newToken = (name: string) => ({ name, token: `sk-${name}-${randomUUID()}` });

/** Stores tokens in a secret `model-tokens`. */
async function useSecret(tokens: readonly object[]) {
  await useMoto('SECRETS_MANAGER');
  const client = new SecretsManagerClient();
  onTestFinished(() => client.destroy());
  const text = (value: readonly object[]) => JSON.stringify({ tokens: value });
  await client.send(new CreateSecretCommand({ Name: 'model-tokens', SecretString: text(tokens) }));
  return async (replacement: readonly object[]) => {
    const SecretString = text(replacement);
    await client.send(new PutSecretValueCommand({ SecretId: 'model-tokens', SecretString }));
  };
}

function sendText(response: ServerResponse, text: string): void {
  sendEvents(response, [
    { type: 'message_start', message: { usage: { input_tokens: 5, output_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } },
    { type: 'message_stop' },
  ]);
}

/** A provider that refuses tokens with a status. It quotes them, as providers do. */
async function useProvider(statuses: Map<string, number>) {
  const server = await useModelServer(({ path, headers }, response) => {
    const key = String(headers['x-api-key']);
    const status = statuses.get(key);
    if (status !== undefined) {
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '600' });
      response.end(JSON.stringify({ error: { message: `${key} is refused.` } }));
    } else if (path === '/v1/models') response.end('{}');
    else sendText(response, 'Five.');
  });
  vi.stubEnv('ANTHROPIC_BASE_URL', server.url);
  vi.stubEnv('ANTHROPIC_API_KEY', undefined);
  return server;
}

test('Tokens of Secrets Manager are used in turn, read again, and never shown.', async () => {
  const [first, second, third] = [newToken('first'), newToken('second'), newToken('third')];
  const putTokens = await useSecret([first, second]);
  const statuses = new Map<string, number>();
  const server = await useProvider(statuses);
  const cassette = join(await useFolder(), 'calls.jsonl');
  const emulator = await useEmulator({
    agents: [await useAgent(agent)],
    model: `record:${cassette}=anthropic`,
    modelTokens: 'secretsmanager:model-tokens',
  });
  const client = useBedrockRuntime(emulator);
  const shown: unknown[] = [];
  const ask = async (text: string) => {
    const modelId = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
    const messages = [{ role: 'user' as const, content: [{ text }] }];
    shown.push(await client.send(new ConverseCommand({ modelId, messages })));
    return server.requests.at(-1)?.headers['x-api-key'];
  };
  const tokenStates = async () => {
    const { tokens } = await emulator.admin<{ tokens: { name: string; state: string }[] }>(
      '/models',
    );
    shown.push(tokens);
    return Object.fromEntries(tokens.map(({ name, state }) => [name, state]));
  };
  expect(await ask('1')).toBe(first.token);
  statuses.set(first.token, 429);
  expect(await ask('2')).toBe(second.token);
  statuses.set(second.token, 401);
  const waiting = ask('3');
  await vi.waitFor(async () => {
    expect(await tokenStates()).toEqual({ first: 'exhausted', second: 'rejected' });
  });
  await putTokens([first, second, third]);
  expect(await waiting).toBe(third.token);
  expect(await tokenStates()).toEqual({
    first: 'exhausted',
    second: 'rejected',
    third: 'accepted',
  });

  shown.push(await emulator.invoke({ runtimeSessionId: sessionId('secret') }));
  const processes = await promisify(execFile)('ps', ['axeww', '-o', 'args'], {
    maxBuffer: 64_000_000,
  });
  const everything = [
    JSON.stringify(shown),
    emulator.log.join('\n'),
    await readFile(cassette, 'utf8'),
    processes.stdout,
  ].join('\n');
  expect(everything).toContain('Five.');
  for (const { token } of [first, second, third]) expect(everything).not.toContain(token);
}, 60_000);

test('A pool in use is checked every minute, and an unused one is not.', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const [first, second] = [newToken('first'), newToken('second')];
  const file = join(await useFolder(), 'tokens.json');
  await writeFile(file, JSON.stringify({ tokens: [first, second] }));
  const statuses = new Map([[first.token, 401]]);
  const server = await useProvider(statuses);
  const emulator = await useEmulator({
    agents: [],
    model: 'anthropic',
    modelTokens: file,
  });
  const checks = () => server.requests.filter(({ path }) => path === '/v1/models').length;
  const states = async () => {
    const { tokens } = await emulator.admin<{ tokens: { state: string }[] }>('/models');
    return tokens.map(({ state }) => state);
  };
  const message = { model: 'claude-sonnet-4-5', max_tokens: 10, messages: [] };
  const ask = async () => {
    const body = { ...message, messages: [{ role: 'user', content: 'Two plus three?' }] };
    const response = await fetch(`${emulator.url}/anthropic/v1/messages`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    await response.json();
  };

  expect(await states()).toEqual(['rejected', 'accepted']);
  expect(checks()).toBe(2);
  vi.advanceTimersByTime(60_000);
  await ask();
  expect(checks()).toBe(2);
  statuses.clear();
  vi.advanceTimersByTime(60_000);
  await vi.waitFor(async () => expect(await states()).toEqual(['accepted', 'accepted']));
  expect(checks()).toBe(4);
  await emulator.close();
  expect(vi.getTimerCount()).toBe(0);
}, 60_000);
