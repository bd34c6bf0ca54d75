import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { EmulatorState } from '../../src/core/emulator/emulatorState.ts';
import { createEmulatorClient } from '../../src/core/emulatorClient/emulatorClient.ts';
import { connectManagedEmulator } from '../../src/core/emulator/managedEmulator.ts';
import { createEmulatorChats } from '../../src/vscode/emulatorChat.ts';
import { openView } from '../support/chat.ts';
import { exampleAgent } from '../support/registry.ts';

const arn = 'arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/Demo_Helper-0123456789';

const endpoints = [{ name: 'DEFAULT', version: '1' }];

test('Reconnect lists the agents again after the first request failed.', async () => {
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    if (requests === 1) response.destroy();
    else
      response.end(
        JSON.stringify({
          agents: [
            {
              runtimeId: 'Demo_Helper-0123456789',
              arn,
              name: 'Helper',
              protocol: 'HTTP',
              language: 'node',
              endpoints,
              status: 'READY',
              warm: 0,
            },
          ],
        }),
      );
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const running: EmulatorState = {
    status: 'running',
    project: '/project',
    url: `http://127.0.0.1:${port}`,
  };
  const client = createEmulatorClient(running.url);
  onTestFinished(client.close);
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const { chat, dispose } = await createEmulatorChats({
    folder: null,
    editor: {
      selection: () => expect.fail('no selection was requested'),
      insert: async () => {},
      open: async () => {},
      openPage: async () => {},
    },
    emulator: connectManagedEmulator(
      { state: () => running, client: () => client, onChange: () => () => {} },
      () => expect.fail('the emulator is already running'),
    ),
    workspaceState: { get: () => undefined, update: async () => {} },
    secrets: { get: async () => undefined, store: async () => {}, delete: async () => {} },
    logger: silent,
  });
  onTestFinished(dispose);
  const view = openView(chat);
  view.send({ type: 'ready' });
  const { connection } = await view.until((state) => state.connection.state === 'gone');
  expect(connection).toMatchObject({
    why: expect.stringMatching(/Cannot read the emulator’s agents/),
  });
  view.send({ type: 'reconnect' });
  const { agents } = await view.until((state) => state.connection.state === 'ready');
  expect(agents).toEqual([exampleAgent('Helper', { endpoint: running.url, runtimeArn: arn })]);
});
