import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createTargetClient } from '../../../src/aws/targetClient.ts';
import { exampleAgent } from '../../support/registry.ts';

test('a token goes in the place of the signature, and nothing of whose credentials signed goes with it', async () => {
  const received: IncomingHttpHeaders[] = [];
  const server = createServer(({ headers }, response) => {
    received.push(headers);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => server.close().closeAllConnections());
  await once(server, 'listening');
  let token: string | undefined;
  const { target } = exampleAgent('Demo_Helper', {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
  const client = createTargetClient(target, {
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'of the session' },
    bearer: () => token,
  });
  onTestFinished(client.destroy);
  const invocation = { sessionId: 'x'.repeat(33), payload: '{}' };
  const { signal } = new AbortController();
  await client.invoke(invocation, signal);
  token = 'a.b.c';
  await client.invoke(invocation, signal);
  const [signed, borne] = received;
  expect(signed).toMatchObject({
    authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=key/),
    'x-amz-security-token': 'of the session',
  });
  expect(borne!.authorization).toBe('Bearer a.b.c');
  expect(borne).not.toHaveProperty('x-amz-security-token');
});
