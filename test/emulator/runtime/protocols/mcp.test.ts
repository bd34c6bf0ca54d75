import {
  InvokeAgentRuntimeCommand,
  StopRuntimeSessionCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import {
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { expect, test } from 'vitest';
import { serverAgent, silentAgent, useAgent } from '../../../support/agents.ts';
import { sessionId, useEmulator, type TestEmulator } from '../../../support/emulator.ts';
import { eventually } from '../../../support/eventually.ts';
import { mcpUrl, statefulServer, statelessServer, useMcpClient } from '../../../support/mcp.ts';
import { useProtocolAgent } from '../../../support/protocolAgent.ts';
import { useProvider } from '../../../support/provider.ts';

const SESSION = 'x-amzn-bedrock-agentcore-runtime-session-id';

const listTools = { jsonrpc: '2.0', id: 'req-1', method: 'tools/list' };

/** A message of MCP past its client, as it stands. */
async function post(
  { url, agent }: TestEmulator,
  headers: Record<string, string> = {},
  message: object = listTools,
): Promise<{ status: number; headers: Headers; answer: unknown }> {
  const response = await fetch(mcpUrl({ url }, agent), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify(message),
  });
  const text = await response.text();
  const answer: unknown = text.startsWith('{') ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, answer };
}

const refusal = (code: number, message: RegExp) => ({
  jsonrpc: '2.0',
  id: 'req-1',
  error: { code, message: expect.stringMatching(message) as string },
});

test('a client of a server without sessions comes back to its machine by the id that it is given', async () => {
  const emulator = await useEmulator({
    agents: [await useProtocolAgent('MCP', statelessServer())],
  });
  const address = mcpUrl(emulator, emulator.agent);
  const [one, other] = await Promise.all([useMcpClient(address), useMcpClient(address)]);
  const first = await one.call('whoAmI');
  expect(first).toMatchObject({
    calls: 1,
    headers: { 'mcp-session-id': one.transport.sessionId, [SESSION]: one.transport.sessionId },
  });
  expect(await one.call('whoAmI')).toMatchObject({ pid: first['pid'], calls: 2 });
  const theirs = await other.call('whoAmI');
  expect(theirs).toMatchObject({ calls: 1 });
  expect(theirs['pid']).not.toBe(first['pid']);
  expect(await emulator.sessions()).toHaveLength(2);
});

test('what comes without a session gets AgentCore’s id with it, and a machine of its own', async () => {
  const emulator = await useEmulator({
    agents: [await useProtocolAgent('MCP', statelessServer())],
  });
  const { client } = emulator;
  const call = (input: object) =>
    client().send(
      new InvokeAgentRuntimeCommand({
        agentRuntimeArn: emulator.agent.arn,
        contentType: 'application/json',
        payload: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name: 'whoAmI', arguments: {} },
        }),
        ...input,
      }),
    );
  const said = async (answer: Awaited<ReturnType<typeof call>>) => {
    const [, data = ''] = /^data: (.*)$/m.exec(await answer.response!.transformToString()) ?? [];
    const { result } = JSON.parse(data) as { result: { content: [{ text: string }] } };
    return JSON.parse(result.content[0].text) as { pid: number; headers: Record<string, string> };
  };
  const answer = await call({
    mcpProtocolVersion: '2025-06-18',
    mcpMethod: 'tools/call',
    mcpName: 'whoAmI',
  });
  expect(answer.mcpSessionId).toBe(answer.runtimeSessionId);
  const first = await said(answer);
  expect(first.headers).toMatchObject({
    accept: 'application/json, text/event-stream',
    'mcp-session-id': answer.mcpSessionId,
    'mcp-protocol-version': '2025-06-18',
    'mcp-method': 'tools/call',
    'mcp-name': 'whoAmI',
  });
  // The SDK fills in another runtime session with each call: MCP's decides.
  const again = await call({ mcpSessionId: answer.mcpSessionId });
  expect([again.mcpSessionId, again.runtimeSessionId]).toEqual([
    answer.mcpSessionId,
    answer.mcpSessionId,
  ]);
  expect((await said(again)).pid).toBe(first.pid);
  expect((await said(await call({ runtimeSessionId: sessionId('mine') }))).pid).not.toBe(first.pid);
  const mine = { runtimeSessionId: sessionId('mine') };
  expect((await said(await call(mine))).pid).toBe((await said(await call(mine))).pid);
  // An id of the caller's own is no runtime session, and leads to one machine all the same.
  const short = await said(await call({ mcpSessionId: 'short' }));
  expect(short.headers['mcp-session-id']).toBe('short');
  expect((await said(await call({ mcpSessionId: 'short' }))).pid).toBe(short.pid);
});

test('a server’s own session leads to its machine: streams, questions to the user, and its end', async () => {
  const agent = await useProtocolAgent(
    'MCP',
    statefulServer(`
      server.registerTool('ask', {}, async () => {
        const { action, content } = await server.server.elicitInput({
          message: 'Where to?',
          requestedSchema: { type: 'object', properties: { place: { type: 'string' } } },
        });
        return say({ action, ...content });
      });
      server.registerTool('tell', {}, async () => {
        await server.sendLoggingMessage({ level: 'info', data: 'by the stream' });
        return say({});
      });
    `),
  );
  const emulator = await useEmulator({ agents: [agent], idleTimeout: 600 });
  const runtimeSession = sessionId('mine');
  const { client, transport, call } = await useMcpClient(mcpUrl(emulator, emulator.agent), {
    requestInit: { headers: { [SESSION]: runtimeSession } },
  });
  expect(transport.sessionId).toMatch(/^of-the-server-/);
  const { pid } = await call('whoAmI');
  expect(await call('whoAmI')).toMatchObject({
    pid,
    calls: 2,
    headers: { [SESSION]: runtimeSession },
  });

  client.setRequestHandler(ElicitRequestSchema, ({ params }) => ({
    action: 'accept',
    content: { place: `as you like, not “${params.message}”` },
  }));
  expect(await call('ask')).toEqual({ action: 'accept', place: 'as you like, not “Where to?”' });

  const told = Promise.withResolvers<unknown>();
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) =>
    told.resolve(params.data),
  );
  await eventually(() => expect(emulator.log.join('\n')).toContain('stream opened'));
  await call('tell');
  expect(await told.promise).toBe('by the stream');

  // By the id alone, without the runtime's header.
  const headers = { 'mcp-session-id': transport.sessionId! };
  expect((await post(emulator, headers)).status).toBe(200);
  await transport.terminateSession();
  expect((await post(emulator, headers)).answer).toEqual(
    refusal(-32010, /^Received error \(400\) from runtime\..*No valid session ID/),
  );
  expect(await emulator.sessions()).toMatchObject([{ sessionId: runtimeSession }]);
});

test('a stream that a client only listens to ends with the client, and the session idles', async () => {
  const emulator = await useEmulator({
    agents: [await useProtocolAgent('MCP', statefulServer())],
    idleTimeout: 600,
  });
  const { client } = await useMcpClient(mcpUrl(emulator, emulator.agent));
  await eventually(() => expect(emulator.log.join('\n')).toContain('stream opened'));
  await emulator.admin('/clock', { advanceSeconds: 1_000 });
  expect(await emulator.sessions()).toMatchObject([{ state: 'active' }]);
  await client.close();
  await eventually(() => expect(emulator.log.join('\n')).toContain('stream closed'));
  await eventually(async () =>
    expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]),
  );
  await emulator.admin('/clock', { advanceSeconds: 601 });
  expect(await emulator.sessions()).toMatchObject([{ reason: 'idle-timeout' }]);
});

test('who comes back to listen, or to say goodbye, wakes no session that has ended', async () => {
  const emulator = await useEmulator({ agents: [await useProtocolAgent('MCP', statefulServer())] });
  const address = mcpUrl(emulator, emulator.agent);
  const { transport } = await useMcpClient(address);
  const [session] = await emulator.sessions();
  await emulator.client().send(
    new StopRuntimeSessionCommand({
      agentRuntimeArn: emulator.agent.arn,
      runtimeSessionId: session!.sessionId,
    }),
  );
  for (const method of ['GET', 'DELETE']) {
    const headers = { accept: 'text/event-stream', 'mcp-session-id': transport.sessionId! };
    const response = await fetch(address, { method, headers });
    expect([response.status, await response.json()]).toEqual([
      404,
      { ...refusal(-32004, /^No running session/), id: null },
    ]);
  }
  expect(await emulator.sessions()).toMatchObject([{ run: 1, reason: 'stopped' }]);
});

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
