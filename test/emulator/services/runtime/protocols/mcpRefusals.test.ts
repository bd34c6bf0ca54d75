import { expect, test } from 'vitest';
import { serverAgent, silentAgent, useAgent } from '../../../../support/agents.ts';
import { sessionId, useEmulator } from '../../../../support/emulator.ts';
import { eventually } from '../../../../support/eventually.ts';
import { mcpUrl, statefulServer, statelessServer, useMcpClient } from '../../../../support/mcp.ts';
import { useProtocolAgent } from '../../../../support/protocolAgent.ts';
import { useProvider } from '../../../../support/provider.ts';
import { post, refusal } from './mcpMessages.ts';

const SESSION = 'x-amzn-bedrock-agentcore-runtime-session-id';

test('a client of MCP is told why its agent does not start', async () => {
  const crashing = await useAgent(`throw new Error('no key');`, { protocol: 'MCP' });
  const emulator = await useEmulator({ agents: [crashing] });
  await expect(useMcpClient(mcpUrl(emulator, emulator.agent))).rejects.toMatchObject({
    code: -32010,
    message: expect.stringMatching(/exit code 1 before it answered MCP’s ping.*no key/s) as string,
  });
});

test('a server that refuses MCP’s ping to who is not signed in does not start, and is told so', async () => {
  const guarded = await useAgent(
    serverAgent(`response.writeHead(401); return response.end('{}');`).replace('8080', '8000'),
    { protocol: 'MCP' },
  );
  const emulator = await useEmulator({ agents: [guarded] });
  const failing = post(emulator);
  await eventually(() => expect(emulator.log.join('\n')).toContain('status 401'));
  await emulator.admin('/clock', { advanceSeconds: 60 });
  expect((await failing).answer).toEqual(
    refusal(
      -32010,
      /Runtime initialization time exceeded.*\/mcp answered MCP’s ping with status 401/,
    ),
  );
});

test('whoever comes while a session starts is told so in MCP’s words, and where it listens in vain', async () => {
  const silent = await useAgent(silentAgent, { protocol: 'MCP' });
  const emulator = await useEmulator({ agents: [silent] });
  const headers = { 'mcp-session-id': sessionId('a') };
  const first = post(emulator, headers);
  await eventually(() => expect(emulator.log.join('\n')).toContain('still loading'));
  const { status, headers: told, answer } = await post(emulator, headers);
  expect(status).toBe(200);
  expect(told.get('x-amzn-errortype')).toBe('RetryableConflictException');
  expect(answer).toEqual(refusal(-32005, /^Session operation in progress, please retry$/));
  await emulator.admin('/clock', { advanceSeconds: 60 });
  expect((await first).answer).toEqual(refusal(-32010, /It never listened on port 8000\./));
});

test('what is wrong with a request is said in MCP’s words, except where no agent is found', async () => {
  const emulator = await useEmulator({
    agents: [await useProtocolAgent('MCP', statelessServer())],
  });
  expect(await post(emulator, { [SESSION]: 'short' })).toMatchObject({
    status: 200,
    answer: refusal(-32006, /'runtimeSessionId'.*greater than or equal to 33/),
  });
  expect(await post(emulator, { accept: 'application/json' })).toMatchObject({
    status: 406,
    answer: refusal(
      -32011,
      /application\/json, text\/event-stream.*The request has: application\/json/,
    ),
  });
  const endpoint = mcpUrl(emulator, emulator.agent);
  endpoint.searchParams.set('qualifier', 'prod');
  await expect(useMcpClient(endpoint)).rejects.toMatchObject({ code: -32004 });
  // Whether it would speak MCP nobody knows.
  await expect(
    useMcpClient(mcpUrl(emulator, { arn: `${emulator.agent.arn}x` })),
  ).rejects.toMatchObject({
    code: 404,
    message: expect.stringContaining('No agent runtime') as string,
  });
  expect(await emulator.sessions()).toEqual([]);
});

test('an agent with a JWT authorizer lets MCP in by a token, stream and all, and refuses others in MCP’s words', async () => {
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
  expect(answer).toEqual(refusal(-32001, /Missing Authentication Token/));
  const stream = await fetch(mcpUrl(emulator, emulator.agent));
  expect(stream.status).toBe(401);
});

test('other agents are asked by no other methods than AWS’s', async () => {
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
