import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { runAgui } from '../support/agui.ts';
import { sessionId, useEmulator } from '../support/emulator.ts';
import { eventually } from '../support/eventually.ts';
import { usePythonAgent } from '../support/python.ts';

const session = sessionId('a');

/** An agent on the official SDK's own server, without a port. */
const server = `
from ag_ui.core import RunFinishedEvent, RunStartedEvent, TextMessageContentEvent, TextMessageEndEvent, TextMessageStartEvent
from bedrock_agentcore.runtime import serve_ag_ui

runs = 0

async def run(input, context):
    global runs
    runs += 1
    yield RunStartedEvent(thread_id=input.thread_id, run_id=input.run_id)
    yield TextMessageStartEvent(message_id="m", role="assistant")
    yield TextMessageContentEvent(message_id="m", delta=f"run {runs} of {context.session_id}")
    yield TextMessageEndEvent(message_id="m")
    if input.messages[0].content == "fail":
        raise ValueError("no luck")
    yield RunFinishedEvent(thread_id=input.thread_id, run_id=input.run_id)

serve_ag_ui(run)
`;

test('the official client and WebSockets reach the SDK’s AG-UI server on their session’s machine', async () => {
  const emulator = await useEmulator({
    agents: [await usePythonAgent(server, { protocol: 'AGUI' })],
  });
  const { events, error } = await runAgui(emulator, emulator.agent, session);
  expect(error).toBeUndefined();
  expect(events).toMatchObject([
    { type: 'RUN_STARTED' },
    { type: 'TEXT_MESSAGE_START' },
    { type: 'TEXT_MESSAGE_CONTENT', delta: `run 1 of ${session}` },
    { type: 'TEXT_MESSAGE_END' },
    { type: 'RUN_FINISHED' },
  ]);

  const { arn } = emulator.agent;
  const socket = new WebSocket(
    `${emulator.url.replace('http', 'ws')}/runtimes/${encodeURIComponent(arn)}/ws`,
    { headers: { 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id': session } },
  );
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  socket.send(
    JSON.stringify({
      threadId: 't',
      runId: 'r',
      messages: [{ id: '1', role: 'user', content: 'fail' }],
      tools: [],
      context: [],
      state: {},
      forwardedProps: {},
    }),
  );
  let received = '';
  socket.on('message', (data: Buffer) => (received += data.toString()));
  await eventually(() => expect(received).toMatch(/RUN_ERROR.*no luck/));
  expect(received).toContain(`run 2 of ${session}`);
});

test('input that an AG-UI agent rejects is a RUN_ERROR', async () => {
  const emulator = await useEmulator({
    agents: [await usePythonAgent(server, { protocol: 'AGUI' })],
  });
  const response = await fetch(`${emulator.url}/invocations`, { method: 'POST', body: '{}' });
  expect(response.status).toBe(200);
  expect(await response.text()).toMatch(
    /^data: \{"type":"RUN_ERROR","code":"AGENT_ERROR","message":"Received error \(400\) from runtime.*Invalid RunAgentInput/,
  );
});
