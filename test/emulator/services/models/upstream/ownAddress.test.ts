import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { useEmulator } from '../../../../support/emulator.ts';

/** Returns a port that is free after the call. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test.for([
  ['bedrock', 'AWS_ENDPOINT_URL_BEDROCK_RUNTIME', ''],
  ['bedrock', 'AWS_ENDPOINT_URL', ''],
  ['anthropic', 'ANTHROPIC_BASE_URL', '/anthropic'],
])('The backend %s does not call the emulator itself by %s.', async ([model, variable, path]) => {
  const port = await freePort();
  vi.stubEnv('ANTHROPIC_API_KEY', 'test');
  vi.stubEnv(variable!, `http://localhost:${port}${path}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(useEmulator({ agents: [], port, model: model! })).rejects.toThrow(
    `${variable} is this emulator’s own address, so calls would never end.`,
  );
});

test('The admin API refuses the emulator itself as an OpenAI-compatible server.', async () => {
  const { url, admin } = await useEmulator({ agents: [] });
  const { message } = await admin<{ message: string }>('/models', {
    model: `openai:${url}/openai/v1`,
  });
  expect(message).toContain('is this emulator’s own address');
});
