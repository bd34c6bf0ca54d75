import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createAdminClient, RequestRefused } from '../../../src/core/emulatorClient/adminClient.ts';
import { useEmulator } from '../../support/emulator.ts';

/** Starts a server that answers every request with the same JSON, as an emulator of another version. */
async function useOtherVersion(answer: unknown): Promise<string> {
  const server = createServer((_, response) => response.end(JSON.stringify(answer)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('the answers of an emulator have the forms that the client reads', async () => {
  const { url } = await useEmulator({ agents: [] });
  const client = createAdminClient(url);
  expect(await client.health()).toMatchObject({ status: 'ready', url, pid: process.pid });
  expect(await client.agents()).toEqual([]);
  expect(await client.sessions()).toEqual([]);
  expect(await client.clock()).toMatchObject({ resetsAtNextStart: false });
});

test('an answer in the form of another version is an error that names the field and the fix', async () => {
  const url = await useOtherVersion({ agents: [{ runtimeId: 7 }] });
  await expect(createAdminClient(url).agents()).rejects.toThrow(
    /agents\.0\.runtimeId: .*number.*Stop the emulator and start it with this version\.$/,
  );
});

test('a refused request rejects with the emulator’s message', async () => {
  const { url } = await useEmulator({ agents: [] });
  const refused = createAdminClient(url).logs({ runtimeId: 'x', sessionId: 'y', run: 1 });
  await expect(refused).rejects.toThrow(new RequestRefused("No session 'y' of x, run 1."));
});
