import { StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore';
import { EventType } from '@ag-ui/client';
import { expect, test } from 'vitest';
import { serverAgent, silentAgent, useAgent } from '../../../../support/agents.ts';
import { aguiServer, runAgui } from '../../../../support/agui.ts';
import { sessionId, useEmulator, type TestEmulator } from '../../../../support/emulator.ts';
import { eventually } from '../../../../support/eventually.ts';
import { useProtocolAgent } from '../../../../support/protocolAgent.ts';

const session = sessionId('a');

const eventTypes = (events: readonly { type: string }[]) => events.map(({ type }) => type);

/** Posts without the client and returns the raw response. */
async function post({ url, agent }: TestEmulator, headers: Record<string, string>) {
  const response = await fetch(`${url}/runtimes/${encodeURIComponent(agent.arn)}/invocations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{}',
  });
  const [, event = ''] = /^\s*data: (.*)\n\n$/.exec(await response.text()) ?? [];
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    event: JSON.parse(event) as unknown,
  };
}

const runError = (status: number, code: string, message: RegExp) => ({
  status,
  contentType: 'text/event-stream',
  event: { type: 'RUN_ERROR', code, message: expect.stringMatching(message) as string },
});

test('an AG-UI client receives each event when the agent sends it', async () => {
  const agent = await useProtocolAgent(
    'AGUI',
    aguiServer(`
      if (release) { release(); return response.end(); }
      word('one');
      await new Promise((resolve) => (release = resolve));
      word('two');
    `).replace('createServer(', 'let release; createServer('),
  );
  const emulator = await useEmulator({ agents: [agent] });
  const { events, error } = await runAgui(emulator, emulator.agent, session, async (event) => {
    // The agent sends the second word only after this request.
    if ((event as { delta?: string }).delta === 'one') {
      await fetch(`${emulator.url}/invocations`, {
        method: 'POST',
        headers: { 'x-amzn-bedrock-agentcore-runtime-session-id': session },
        body: '{}',
      });
    }
  });
  expect(error).toBeUndefined();
  expect(eventTypes(events)).toEqual([
    'RUN_STARTED',
    'TEXT_MESSAGE_START',
    'TEXT_MESSAGE_CONTENT',
    'TEXT_MESSAGE_CONTENT',
    'TEXT_MESSAGE_END',
    'RUN_FINISHED',
  ]);
  expect(await emulator.sessions()).toMatchObject([{ sessionId: session }]);
});

/** An agent that sends a word and the given bytes, then exits. */
const exitingServer = (bytes: string) =>
  aguiServer(`
    word('half');
    console.error('out of luck');
    response.write(${JSON.stringify(bytes)}, () => process.exit(3));
    return;
  `);

test('a run whose agent exits ends with RUN_ERROR and the exit code', async () => {
  const agent = await useProtocolAgent('AGUI', exitingServer(': a comment\r\n\r\n'));
  const emulator = await useEmulator({ agents: [agent] });
  const { events } = await runAgui(emulator, emulator.agent, session);
  expect(events.at(-1)).toMatchObject({
    type: 'RUN_ERROR',
    code: 'AGENT_ERROR',
    message: expect.stringMatching(/broke off.*exit code 3.*out of luck/s) as string,
  });
});

test('a run whose agent exits within an event is cut off', async () => {
  const agent = await useProtocolAgent('AGUI', exitingServer('data: {"type":"TEXT_MESS'));
  const emulator = await useEmulator({ agents: [agent] });
  // The official client ignores the rejection of a stream that is cut off.
  const response = await fetch(`${emulator.url}/invocations`, { method: 'POST', body: '{}' });
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow(/terminated/);
});

test('a run whose session is stopped ends with RUN_ERROR', async () => {
  const agent = await useProtocolAgent('AGUI', aguiServer(`word('one'); return;`));
  const emulator = await useEmulator({ agents: [agent] });
  const { events } = await runAgui(emulator, emulator.agent, session, async ({ type }) => {
    if (type !== EventType.TEXT_MESSAGE_CONTENT) return;
    await emulator.client().send(
      new StopRuntimeSessionCommand({
        agentRuntimeArn: emulator.agent.arn,
        runtimeSessionId: session,
      }),
    );
  });
  expect(events.at(-1)).toMatchObject({ type: 'RUN_ERROR', code: 'AGENT_ERROR' });
});

test('a run that takes an hour ends with RUN_ERROR and the time limit', async () => {
  const agent = await useProtocolAgent('AGUI', aguiServer(`word('one'); return;`));
  const emulator = await useEmulator({ agents: [agent] });
  const { events } = await runAgui(emulator, emulator.agent, session, async ({ type }) => {
    if (type !== EventType.TEXT_MESSAGE_CONTENT) return;
    await emulator.admin('/clock', { advanceSeconds: 3_600 });
  });
  expect(events.at(-1)).toMatchObject({
    type: 'RUN_ERROR',
    message: expect.stringMatching(
      /broke off\. The request exceeded AgentCore's limit of 60 minutes/,
    ) as string,
  });
});

test('errors are AG-UI events with an HTTP status, and an agent’s own error has status 200', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (url === '/invocations') { response.writeHead(400); return response.end('no threadId'); }`,
    ),
    { protocol: 'AGUI' },
  );
  const emulator = await useEmulator({ agents: [agent] });
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': session };
  const { events } = await runAgui(emulator, emulator.agent, session);
  expect(events).toMatchObject([
    {
      type: 'RUN_ERROR',
      code: 'AGENT_ERROR',
      message: expect.stringMatching(/Received error \(400\) from runtime.*no threadId/) as string,
    },
  ]);
  expect(await post(emulator, headers)).toEqual(runError(200, 'AGENT_ERROR', /no threadId/));
  expect(await post(emulator, { 'x-amzn-bedrock-agentcore-runtime-session-id': 'short' })).toEqual(
    runError(400, 'VALIDATION_ERROR', /runtimeSessionId/),
  );
});

test('an AG-UI client learns that its session is busy and why it does not start', async () => {
  const silent = await useAgent(silentAgent, { protocol: 'AGUI' });
  const emulator = await useEmulator({ agents: [silent] });
  const first = runAgui(emulator, emulator.agent, session);
  await eventually(() => expect(emulator.log.join('\n')).toContain('still loading'));
  const { error } = await runAgui(emulator, emulator.agent, session);
  expect(error?.message).toMatch(/409.*SESSION_BUSY.*Session operation in progress, please retry/);
  await emulator.admin('/clock', { advanceSeconds: 120 });
  expect((await first).events).toMatchObject([
    {
      code: 'AGENT_ERROR',
      message: expect.stringMatching(/never listened on port 8080/) as string,
    },
  ]);
});
