import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createTargetClient } from '../../../src/aws/targetClient.ts';
import { exampleAgent } from '../../support/registry.ts';

test('a token replaces the signature, and the security token is removed', async () => {
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
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'session-token' },
    bearer: () => token,
  });
  onTestFinished(client.destroy);
  const invocation = { sessionId: 'x'.repeat(33), payload: '{}' };
  const { signal } = new AbortController();
  await client.invoke(invocation, signal);
  token = 'a.b.c';
  await client.invoke(invocation, signal);
  const [signed, withToken] = received;
  expect(signed).toMatchObject({
    authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=key/),
    'x-amz-security-token': 'session-token',
  });
  expect(withToken!.authorization).toBe('Bearer a.b.c');
  expect(withToken).not.toHaveProperty('x-amz-security-token');
});
