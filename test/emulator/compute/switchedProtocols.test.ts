import { createServer, type AddressInfo } from 'node:net';
import type Docker from 'dockerode';
import { expect, onTestFinished, test } from 'vitest';
import { portWhenOpen } from '../../../emulator/compute/container/containerPort.ts';
import { createEngineFinder } from '../../../emulator/compute/container/findEngine.ts';

/** Opens a port that answers every HTTP request with 101. */
async function useSwitchingServer(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () =>
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test('A server that responds with 101 is not a container engine.', async () => {
  const port = await useSwitchingServer();
  const { availability } = createEngineFinder(`tcp://127.0.0.1:${port}`);
  expect(await availability()).toMatch(/ responded with 101, so it is not a container engine$/);
});

test('An agent in a container that responds with 101 is listening.', async () => {
  const port = await useSwitchingServer();
  const NetworkSettings = { Ports: { '8080/tcp': [{ HostPort: String(port) }] } };
  const container = { inspect: async () => ({ NetworkSettings }) } as unknown as Docker.Container;
  expect(await portWhenOpen(container, 8080, () => false)).toBe(port);
});
