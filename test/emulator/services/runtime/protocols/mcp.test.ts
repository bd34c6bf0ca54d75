import {
  InvokeAgentRuntimeCommand,
  StopRuntimeSessionCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import {
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { expect, test } from 'vitest';
import { sessionId, useEmulator } from '../../../../support/emulator.ts';
import { eventually } from '../../../../support/eventually.ts';
import { mcpUrl, statefulServer, statelessServer, useMcpClient } from '../../../../support/mcp.ts';
import { useProtocolAgent } from '../../../../support/protocolAgent.ts';
import { post, jsonRpcError } from './mcpMessages.ts';

const SESSION = 'x-amzn-bedrock-agentcore-runtime-session-id';

test('a client of a stateless server returns to its machine by the issued ID', async () => {
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
  const otherAnswer = await other.call('whoAmI');
  expect(otherAnswer).toMatchObject({ calls: 1 });
  expect(otherAnswer['pid']).not.toBe(first['pid']);
  expect(await emulator.sessions()).toHaveLength(2);
});

test('a request without a session gets an AgentCore ID and its own machine', async () => {
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
  const readResult = async (answer: Awaited<ReturnType<typeof call>>) => {
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
  const first = await readResult(answer);
  expect(first.headers).toMatchObject({
    accept: 'application/json, text/event-stream',
    'mcp-session-id': answer.mcpSessionId,
    'mcp-protocol-version': '2025-06-18',
    'mcp-method': 'tools/call',
    'mcp-name': 'whoAmI',
  });
  // The SDK sends a new runtime session ID with each call, so the MCP session ID decides.
  const again = await call({ mcpSessionId: answer.mcpSessionId });
  expect([again.mcpSessionId, again.runtimeSessionId]).toEqual([
    answer.mcpSessionId,
    answer.mcpSessionId,
  ]);
  expect((await readResult(again)).pid).toBe(first.pid);
  expect((await readResult(await call({ runtimeSessionId: sessionId('mine') }))).pid).not.toBe(
    first.pid,
  );
  const mine = { runtimeSessionId: sessionId('mine') };
  expect((await readResult(await call(mine))).pid).toBe((await readResult(await call(mine))).pid);
  // The caller's own ID is not a valid runtime session ID but still leads to one machine.
  const short = await readResult(await call({ mcpSessionId: 'short' }));
  expect(short.headers['mcp-session-id']).toBe('short');
  expect((await readResult(await call({ mcpSessionId: 'short' }))).pid).toBe(short.pid);
});

test('a server’s own session reaches its machine for streams, elicitation and termination', async () => {
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

  const logged = Promise.withResolvers<unknown>();
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) =>
    logged.resolve(params.data),
  );
  await eventually(() => expect(emulator.log.join('\n')).toContain('stream opened'));
  await call('tell');
  expect(await logged.promise).toBe('by the stream');

  // The MCP session ID is enough, without the runtime's header.
  const headers = { 'mcp-session-id': transport.sessionId! };
  expect((await post(emulator, headers)).status).toBe(200);
  await transport.terminateSession();
  expect((await post(emulator, headers)).answer).toEqual(
    jsonRpcError(-32010, /^Received error \(400\) from runtime\..*No valid session ID/),
  );
  expect(await emulator.sessions()).toMatchObject([{ sessionId: runtimeSession }]);
});

test('a listening stream ends with its client, and the session becomes idle', async () => {
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

test('a GET or DELETE does not restart an ended session', async () => {
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
      { ...jsonRpcError(-32004, /^No running session/), id: null },
    ]);
  }
  expect(await emulator.sessions()).toMatchObject([{ run: 1, reason: 'stopped' }]);
});
