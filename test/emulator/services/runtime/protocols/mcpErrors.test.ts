import { expect, test } from 'vitest';
import { serverAgent, silentAgent, useAgent } from '../../../../support/agents.ts';
import { sessionId, useEmulator } from '../../../../support/emulator.ts';
import { eventually } from '../../../../support/eventually.ts';
import { mcpUrl, statefulServer, statelessServer, useMcpClient } from '../../../../support/mcp.ts';
import { useProtocolAgent } from '../../../../support/protocolAgent.ts';
import { useProvider } from '../../../../support/provider.ts';
import { post, jsonRpcError } from './mcpMessages.ts';

const SESSION = 'x-amzn-bedrock-agentcore-runtime-session-id';

test('an MCP client learns why its agent does not start', async () => {
  const crashing = await useAgent(`throw new Error('no key');`, { protocol: 'MCP' });
  const emulator = await useEmulator({ agents: [crashing] });
  await expect(useMcpClient(mcpUrl(emulator, emulator.agent))).rejects.toMatchObject({
    code: -32010,
    message: expect.stringMatching(/exit code 1 before it answered MCP’s ping.*no key/s) as string,
  });
});

test('a server that requires authentication for MCP’s ping does not start', async () => {
  const guarded = await useAgent(
    serverAgent(`response.writeHead(401); return response.end('{}');`).replace('8080', '8000'),
    { protocol: 'MCP' },
  );
  const emulator = await useEmulator({ agents: [guarded] });
  const failing = post(emulator);
  await eventually(() => expect(emulator.log.join('\n')).toContain('status 401'));
  await emulator.admin('/clock', { advanceSeconds: 120 });
  expect((await failing).answer).toEqual(
    jsonRpcError(
      -32010,
      /Runtime initialization time exceeded.*\/mcp returned status 401 to MCP’s ping/,
    ),
  );
});

test('requests during a failing start get JSON-RPC errors with the reason', async () => {
  const silent = await useAgent(silentAgent, { protocol: 'MCP' });
  const emulator = await useEmulator({ agents: [silent] });
  const headers = { 'mcp-session-id': sessionId('a') };
  const first = post(emulator, headers);
  await eventually(() => expect(emulator.log.join('\n')).toContain('still loading'));
  const { status, headers: responseHeaders, answer } = await post(emulator, headers);
  expect(status).toBe(200);
  expect(responseHeaders.get('x-amzn-errortype')).toBe('RetryableConflictException');
  expect(answer).toEqual(jsonRpcError(-32005, /^Session operation in progress, please retry$/));
  await emulator.admin('/clock', { advanceSeconds: 120 });
  expect((await first).answer).toEqual(jsonRpcError(-32010, /It never listened on port 8000\./));
});

test('invalid requests get JSON-RPC errors, except for an unknown agent', async () => {
  const emulator = await useEmulator({
    agents: [await useProtocolAgent('MCP', statelessServer())],
  });
  expect(await post(emulator, { [SESSION]: 'short' })).toMatchObject({
    status: 200,
    answer: jsonRpcError(-32006, /'runtimeSessionId'.*greater than or equal to 33/),
  });
  expect(await post(emulator, { accept: 'application/json' })).toMatchObject({
    status: 406,
    answer: jsonRpcError(
      -32011,
      /application\/json, text\/event-stream.*The request has: application\/json/,
    ),
  });
  const endpoint = mcpUrl(emulator, emulator.agent);
  endpoint.searchParams.set('qualifier', 'prod');
  await expect(useMcpClient(endpoint)).rejects.toMatchObject({ code: -32004 });
  // The protocol of an unknown agent is unknown.
  await expect(
    useMcpClient(mcpUrl(emulator, { arn: `${emulator.agent.arn}x` })),
  ).rejects.toMatchObject({
    code: 404,
    message: expect.stringContaining('No endpoint or agent found') as string,
  });
  expect(await emulator.sessions()).toEqual([]);
});

test('a JWT agent accepts MCP with a token and rejects other requests with JSON-RPC errors', async () => {
  const provider = await useProvider();
  const agent = await useProtocolAgent('MCP', statefulServer());
  const authorizer = {
    customJWTAuthorizer: { discoveryUrl: provider.discoveryUrl, allowedClients: ['me'] },
  };
  const emulator = await useEmulator({ agents: [{ ...agent, authorizer }] });
  const token = await provider.token({ client_id: 'me' });
  const { call } = await useMcpClient(mcpUrl(emulator, emulator.agent), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  });
  expect(await call('whoAmI')).toMatchObject({ calls: 1 });
  await eventually(() => expect(emulator.log.join('\n')).toContain('stream opened'));

  const { status, headers, answer } = await post(emulator);
  expect(status).toBe(401);
  expect(headers.get('www-authenticate')).toMatch(/^Bearer resource_metadata="/);
  expect(answer).toEqual(jsonRpcError(-32001, /Missing Authentication Token/));
  const stream = await fetch(mcpUrl(emulator, emulator.agent));
  expect(stream.status).toBe(401);
});

test('agents of other protocols accept only AWS’s methods', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(serverAgent(''))] });
  const path = `${emulator.url}/runtimes/${encodeURIComponent(emulator.agent.arn)}/invocations`;
  for (const [method, url] of [
    ['GET', path],
    ['DELETE', path],
    ['POST', `${path}/`],
  ] as const) {
    const response = await fetch(url, { method });
    expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([
      404,
      'UnknownOperationException',
    ]);
  }
});
