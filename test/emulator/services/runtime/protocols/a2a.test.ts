import {
  GetAgentCardCommand,
  InvokeAgentRuntimeCommand,
  RetryableConflictException,
  ValidationException,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import type { AgentSummary } from '../../../../../src/shared/emulator.ts';
import { a2aServer, a2aUrl, connectA2a, userMessage } from '../../../../support/a2a.ts';
import { echoAgent, serverAgent, silentAgent, useAgent } from '../../../../support/agents.ts';
import { sessionId, useEmulator } from '../../../../support/emulator.ts';
import { eventually } from '../../../../support/eventually.ts';
import { useProtocolAgent } from '../../../../support/protocolAgent.ts';

const answering = a2aServer(`say({ text, calls, pid: process.pid });`);

test('an A2A client finds the agent card and reaches one machine per session', async () => {
  const emulator = await useEmulator({ agents: [await useProtocolAgent('A2A', answering)] });
  const address = a2aUrl(emulator, emulator.agent);
  const client = await connectA2a(address, sessionId('a'));
  const first = await client.sendMessage(userMessage('Hello'));
  expect(JSON.stringify(first)).toContain(String.raw`\"text\":\"Hello\",\"calls\":1`);
  expect(JSON.stringify(await client.sendMessage(userMessage('again')))).toContain(
    String.raw`\"calls\":2`,
  );
  expect(await emulator.sessions()).toMatchObject([{ sessionId: sessionId('a'), state: 'idle' }]);

  // Without a session ID each request has its own machine, including the one for the card.
  const anyone = await connectA2a(address, null);
  expect(JSON.stringify(await anyone.sendMessage(userMessage('Hello')))).toContain(
    String.raw`\"calls\":1`,
  );
  expect(await emulator.sessions()).toHaveLength(3);
});

test('an A2A stream arrives as the agent sends it', async () => {
  const emulator = await useEmulator({
    agents: [
      await useProtocolAgent(
        'A2A',
        a2aServer(`
          if (text === 'go on') { release(); return say({}); }
          const id = { taskId, contextId };
          bus.publish(AgentEvent.task({
            id: taskId, contextId, status: { state: 1 }, artifacts: [], history: [], metadata: undefined,
          }));
          await new Promise((resolve) => (globalThis.release = resolve));
          bus.publish(AgentEvent.statusUpdate({ ...id, status: { state: 3 }, metadata: undefined }));
        `),
      ),
    ],
  });
  const client = await connectA2a(a2aUrl(emulator, emulator.agent), sessionId('a'));
  const stream = client.sendMessageStream(userMessage('Hello'));
  // The agent sends the rest only after the next message.
  expect((await stream.next()).value).toMatchObject({ payload: { $case: 'task' } });
  await client.sendMessage(userMessage('go on'));
  expect((await stream.next()).value).toMatchObject({ payload: { $case: 'statusUpdate' } });
  expect((await stream.next()).done).toBe(true);
});

test('GetAgentCard starts a session and returns the card with the callers’ URL', async () => {
  const emulator = await useEmulator({ agents: [await useProtocolAgent('A2A', answering)] });
  const id = { runtimeSessionId: sessionId('a') };
  const { arn } = emulator.agent;
  const answer = await emulator
    .client()
    .send(new GetAgentCardCommand({ agentRuntimeArn: arn, ...id }));
  expect(answer).toMatchObject({
    ...id,
    statusCode: 200,
    agentCard: { name: 'Test', supportedInterfaces: [{ url: a2aUrl(emulator, { arn }) }] },
  });
  expect(await emulator.sessions()).toMatchObject([{ sessionId: sessionId('a'), state: 'idle' }]);
});

test('the short paths also reach the first agent and its card', async () => {
  const { url } = await useEmulator({ agents: [await useProtocolAgent('A2A', answering)] });
  const card = await fetch(`${url}/invocations/.well-known/agent-card.json`);
  expect(await card.json()).toMatchObject({ name: 'Test' });
  const answer = await fetch(`${url}/invocations/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'a2a-version': '1.0' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'SendMessage',
      params: { message: { messageId: '1', role: 'ROLE_USER', parts: [{ text: 'Hello' }] } },
    }),
  });
  expect(await answer.text()).toContain('Hello');
});

test('a missing or invalid agent card is reported with the reason', async () => {
  const agents = [
    await useAgent(echoAgent),
    await useAgent(
      serverAgent(`if (url.includes('card')) return response.end('<html>');`).replace(
        '8080',
        '9000',
      ),
      { protocol: 'A2A', name: 'Other' },
    ),
  ];
  const emulator = await useEmulator({ agents });
  const getCard = (agentRuntimeArn: string) =>
    emulator.client().send(new GetAgentCardCommand({ agentRuntimeArn }));
  const {
    agents: [http, a2a],
  } = await emulator.admin<{ agents: AgentSummary[] }>('/agents');
  const none = await getCard(http!.arn).catch((error: unknown) => error);
  expect(none).toBeInstanceOf(ValidationException);
  expect((none as Error).message).toMatch(
    /has the protocol HTTP\. Only A2A agents have an agent card/,
  );
  await expect(getCard(a2a!.arn)).rejects.toMatchObject({
    name: 'RuntimeClientError',
    message: expect.stringMatching(/agent-card\.json is not JSON.*<html>/) as string,
  });
});

test('an agent that exits during GetAgentCard is reported with its exit code', async () => {
  const agent = await useAgent(
    serverAgent(`if (url.includes('card')) process.exit(3);`).replace('8080', '9000'),
    { protocol: 'A2A' },
  );
  const emulator = await useEmulator({ agents: [agent] });
  await expect(
    emulator.client().send(new GetAgentCardCommand({ agentRuntimeArn: emulator.agent.arn })),
  ).rejects.toMatchObject({
    name: 'RuntimeClientError',
    message: expect.stringMatching(/exit code 3/) as string,
  });
});

test('errors have the A2A format and an HTTP status', async () => {
  const agent = await useAgent(
    serverAgent(`
      if (url === '/') { response.writeHead(503); return response.end('full'); }
      if (url.includes('card')) return json(response, {
        name: 'Test', supportedInterfaces: [{
          url: process.env.AGENTCORE_RUNTIME_URL, protocolBinding: 'JSONRPC', protocolVersion: '1.0',
        }],
      });
    `).replace('8080', '9000'),
    { protocol: 'A2A' },
  );
  const emulator = await useEmulator({ agents: [agent] });
  const address = a2aUrl(emulator, emulator.agent);
  const client = await connectA2a(address, sessionId('a'));
  await expect(client.sendMessage(userMessage('Hello'))).rejects.toThrow(
    /Received error \(503\) from runtime\..* The agent returned: full/,
  );

  const post = async (session: string, search = '') => {
    const response = await fetch(address + search, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-amzn-bedrock-agentcore-runtime-session-id': session,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'SendMessage', params: {} }),
    });
    return [response.status, await response.json()];
  };
  const errorOf = (code: number, message: RegExp) => ({
    jsonrpc: '2.0',
    id: 7,
    error: { code, message: expect.stringMatching(message) as string },
  });
  expect(await post(sessionId('a'))).toEqual([424, errorOf(-32055, /full/)]);
  expect(await post('short')).toEqual([400, errorOf(-32052, /runtimeSessionId/)]);
  expect(await post(sessionId('a'), '?qualifier=prod')).toEqual([404, errorOf(-32051, /prod/)]);
});

test('a request during session start gets a retryable conflict, also in the SDK', async () => {
  const silent = await useAgent(silentAgent, { protocol: 'A2A' });
  const emulator = await useEmulator({ agents: [silent] });
  const invoke = () =>
    emulator
      .client()
      .send(
        new InvokeAgentRuntimeCommand({
          agentRuntimeArn: emulator.agent.arn,
          runtimeSessionId: sessionId('a'),
          payload: '{"jsonrpc":"2.0","id":1,"method":"SendMessage"}',
        }),
      )
      .catch((error: unknown) => error);
  const first = invoke();
  await eventually(() => expect(emulator.log.join('\n')).toContain('still loading'));
  const busy = await invoke();
  expect(busy).toBeInstanceOf(RetryableConflictException);
  expect(busy).toMatchObject({ $metadata: { httpStatusCode: 409 } });
  await emulator.admin('/clock', { advanceSeconds: 120 });
  // AWS's A2A format has the message in a place where the SDKs do not look.
  expect(await first).toMatchObject({
    name: 'RuntimeClientError',
    $metadata: { httpStatusCode: 424 },
    error: {
      code: -32055,
      message: expect.stringMatching(/It never listened on port 9000\./) as string,
    },
  });
});
