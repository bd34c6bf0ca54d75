import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createEmulatorClient } from '../../src/core/emulatorClient/emulatorClient.ts';
import { echoAgent, useAgent } from './agents.ts';
import { useEmulator } from './emulator.ts';

/** Starts an emulator behind a proxy that counts the event streams and can break them. */
export async function useCountedEmulator() {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const streams = new Set<AbortController>();
  let opened = 0;
  const server: Server = createServer((request, response) => {
    const stream = new AbortController();
    if (request.url!.startsWith('/_emulator/events')) {
      opened += 1;
      streams.add(stream);
    }
    response.once('close', () => {
      streams.delete(stream);
      stream.abort();
    });
    void (async () => {
      const answer = await fetch(`${emulator.url}${request.url}`, { signal: stream.signal });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type')! });
      response.flushHeaders();
      for await (const bytes of answer.body!) response.write(bytes);
      response.end();
    })().catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  const closeProxy = () => server.close().closeAllConnections();
  onTestFinished(closeProxy);
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createEmulatorClient(url);
  onTestFinished(client.close);
  return {
    /** The URL of the proxy. */
    url,
    emulator,
    client,
    opened: () => opened,
    openNow: () => streams.size,
    closeProxy,
    breakStreams() {
      for (const stream of streams) stream.abort();
    },
  };
}
