import { expect, test } from 'vitest';
import type { Turn } from '../../../src/shared/chat/turn.ts';
import { answerText } from '../../../src/shared/chat/turn.ts';
import { a2aServer } from '../../support/a2a.ts';
import { formatPart } from '../../support/answers.ts';
import { echoAgent, serverAgent } from '../../support/agents.ts';
import { useEmulator } from '../../support/emulator.ts';
import { useLocalChat } from '../../support/localChat.ts';
import { statefulServer } from '../../support/mcp.ts';
import { useProtocolAgent } from '../../support/protocolAgent.ts';

async function useChatWith(...[protocol, main]: Parameters<typeof useProtocolAgent>) {
  const emulator = await useEmulator({ agents: [await useProtocolAgent(protocol, main)] });
  return { emulator, ...(await useLocalChat(emulator.url)) };
}

/** Reads the request body from the answer of an agent that echoes. */
function readBody(turn: Turn): Record<string, unknown> {
  const { body } = JSON.parse(answerText(turn)) as { body: string };
  return JSON.parse(body) as Record<string, unknown>;
}

test('an AG-UI agent gets the whole thread with every run', async () => {
  const { ask, view } = await useChatWith('AGUI', echoAgent);
  const first = await ask('Hello');
  const second = await ask('Again');
  expect(readBody(second)).toEqual({
    threadId: view.state()!.sessionId,
    runId: second.id,
    state: {},
    messages: [
      { id: first.id, role: 'user', content: 'Hello' },
      { id: `${first.id}-answer`, role: 'assistant', content: answerText(first) },
      { id: second.id, role: 'user', content: 'Again' },
    ],
    tools: [],
    context: [],
    forwardedProps: {},
  });
});

test('an A2A agent is called as its card says, in one context', async () => {
  const { ask, view } = await useChatWith(
    'A2A',
    a2aServer('calls += 1; say({ text, contextId, calls })'),
  );
  await ask('Hello');
  const answer = answerText(await ask('Again'));
  expect(answer).toContain('Again');
  expect(answer).toContain(view.state()!.sessionId);
});

/** An agent of A2A 0.3 that echoes its requests. */
const a2a03Agent = (streaming: boolean) =>
  serverAgent(`
    if (url.includes('card')) {
      return json(response, { protocolVersion: '0.3.0', capabilities: { streaming: ${streaming} } });
    }
    if (url === '/') return json(response, { body: String(body), version: request.headers['a2a-version'] });
  `).replace('8080', '9000');

test.each([
  [true, 'message/stream'],
  [false, 'message/send'],
])('an A2A 0.3 agent gets messages of its version (streaming: %s)', async (streaming, method) => {
  const { ask, view } = await useChatWith('A2A', a2a03Agent(streaming));
  const turn = await ask('Hello');
  expect(answerText(turn)).not.toContain('"version"');
  expect(readBody(turn)).toEqual({
    jsonrpc: '2.0',
    id: turn.id,
    method,
    params: {
      message: {
        kind: 'message',
        messageId: turn.id,
        contextId: view.state()!.sessionId,
        role: 'user',
        parts: [{ kind: 'text', text: 'Hello' }],
      },
    },
  });
});

test('an invalid A2A card is named as the cause of the failure', async () => {
  const { ask } = await useChatWith(
    'A2A',
    serverAgent(
      `if (url.includes('card')) return json(response, { capabilities: 'all of them' });`,
    ).replace('8080', '9000'),
  );
  const { outcome } = await ask('Hello');
  expect(outcome).toMatchObject({
    failure: { message: expect.stringMatching(/card cannot be read: capabilities: .*agent-card/) },
  });
});

test('an MCP agent gets a tool call in a negotiated session', async () => {
  const { ask } = await useChatWith('MCP', statefulServer());
  await ask('whoAmI');
  expect(JSON.parse(answerText(await ask('whoAmI {}')))).toMatchObject({
    calls: 2,
    headers: {
      'mcp-session-id': expect.stringMatching(/^of-the-server-/),
      'mcp-protocol-version': '2025-06-18',
    },
  });
});

test('an MCP session is negotiated again after its machine ended', async () => {
  const { ask, view } = await useChatWith('MCP', statefulServer());
  await ask('whoAmI');
  view.send({ type: 'stopSession' });
  await view.until(({ session }) => session.state === 'ended');
  expect(JSON.parse(answerText(await ask('whoAmI')))).toMatchObject({ calls: 1 });
});

test.each([
  ['whoAmI {', /^The arguments of whoAmI are not JSON: .*such as: add \{"a": 1, "b": 2\}$/],
  ['whoAmI [1]', /^The arguments of whoAmI must be a JSON object, not \[1\]\.$/],
])('an invalid tool call is reported before it is sent: %s', async (prompt, message) => {
  const { ask, emulator } = await useChatWith('MCP', statefulServer());
  expect(await ask(prompt)).toMatchObject({
    outcome: { failure: { message: expect.stringMatching(message) } },
  });
  expect(await emulator.sessions()).toEqual([]);
});

test('the result of an MCP tool is shown as text, images and data', async () => {
  const content = [
    { type: 'text', text: 'A dot:' },
    { type: 'image', data: 'iVBORw0K', mimeType: 'image/png' },
    { type: 'image', data: 'SUkqAA==', mimeType: 'image/tiff' },
    { name: 'dot', uri: 'file:///dot.png', type: 'resource_link' },
  ];
  const { ask } = await useChatWith(
    'MCP',
    statefulServer(`
      const outputSchema = { dots: z.number() };
      server.registerTool('draw', { outputSchema }, () =>
        (${JSON.stringify({ content, structuredContent: { dots: 1 } })}));
    `),
  );
  const { parts } = await ask('draw');
  expect(parts.map(formatPart)).toEqual([
    'text: A dot:\n\n![image/png](data:image/png;base64,iVBORw0K)',
    'notice: The tool returned an image (image/tiff, 4 B), which cannot be shown.',
    `data: ${JSON.stringify(content[3], null, 2)}\n${JSON.stringify({ dots: 1 }, null, 2)}`,
  ]);
});

test('the tools of an MCP agent are listed in the conversation’s session', async () => {
  const { view, emulator } = await useChatWith(
    'MCP',
    statefulServer(
      `server.registerTool('add', { description: 'Adds', inputSchema: { a: z.number() } }, () => say(1));`,
    ),
  );
  view.send({ type: 'listTools' });
  const { toolList, sessionId } = await view.until(
    (state) => state.toolList !== null && state.toolList.tools.state !== 'loading',
  );
  expect(toolList).toMatchObject({
    sessionId,
    tools: {
      state: 'loaded',
      value: [
        { name: 'whoAmI' },
        {
          name: 'add',
          description: 'Adds',
          inputSchema: { properties: { a: { type: 'number' } } },
        },
      ],
    },
  });
  expect(await emulator.sessions()).toMatchObject([{ sessionId }]);
});

test('a failed list of tools has the reason', async () => {
  const { view } = await useChatWith('MCP', 'throw new Error("no vector store")');
  view.send({ type: 'listTools' });
  const { toolList } = await view.until(({ toolList: now }) => now?.tools.state === 'failed');
  expect(toolList!.tools).toMatchObject({ message: expect.stringContaining('no vector store') });
});
