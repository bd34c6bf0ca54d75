import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { useEmulator } from '../../../support/emulator.ts';

/** Starts a server that answers as Ollama's list of models does. */
async function useOllama(body: string): Promise<void> {
  const server = createServer(({ url }, response) => {
    response.statusCode = url === '/api/tags' ? 200 : 404;
    response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  vi.stubEnv('OLLAMA_HOST', `127.0.0.1:${(server.address() as AddressInfo).port}`);
}

afterEach(() => void vi.unstubAllEnvs());

test('The models of the running Ollama are listed.', async () => {
  const models = [{ name: 'llama3.2:latest', size: 2_019_393_189 }, { name: 'qwen3:8b' }];
  await useOllama(JSON.stringify({ models }));
  const { admin } = await useEmulator({ agents: [] });
  expect(await admin('/models/ollama')).toEqual({ models: ['llama3.2:latest', 'qwen3:8b'] });
});

test('Without Ollama, or with another server at its port, none are listed.', async () => {
  const { admin } = await useEmulator({ agents: [] });
  vi.stubEnv('OLLAMA_HOST', '127.0.0.1:9');
  expect(await admin('/models/ollama')).toEqual({ models: [] });
  await useOllama('not JSON');
  expect(await admin('/models/ollama')).toEqual({ models: [] });
});
