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

/** What an agent that echoes was sent. */
function bodyIn(turn: Turn): Record<string, unknown> {
  const { body } = JSON.parse(answerText(turn)) as { body: string };
  return JSON.parse(body) as Record<string, unknown>;
}

test('an agent of AG-UI is given the whole thread with every run', async () => {
  const { ask, view } = await useChatWith('AGUI', echoAgent);
  const first = await ask('Hello');
  const second = await ask('Again');
  expect(bodyIn(second)).toEqual({
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

test('an agent of A2A is talked to as its card says, in one context', async () => {
  const { ask, view } = await useChatWith(
    'A2A',
    a2aServer('calls += 1; say({ text, contextId, calls })'),
  );
  await ask('Hello');
  const said = answerText(await ask('Again'));
  expect(said).toContain('Again');
  expect(said).toContain(view.state()!.sessionId);
});

/** An agent on an older A2A, which says what it was sent. */
const olderA2a = (streaming: boolean) =>
  serverAgent(`
    if (url.includes('card')) {
      return json(response, { protocolVersion: '0.3.0', capabilities: { streaming: ${streaming} } });
    }
    if (url === '/') return json(response, { body: String(body), version: request.headers['a2a-version'] });
  `).replace('8080', '9000');

test.each([
  [true, 'message/stream'],
  [false, 'message/send'],
])('an agent of A2A 0.3 is asked in its words (streaming: %s)', async (streaming, method) => {
  const { ask, view } = await useChatWith('A2A', olderA2a(streaming));
  const turn = await ask('Hello');
  expect(answerText(turn)).not.toContain('"version"');
  expect(bodyIn(turn)).toEqual({
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

test('an A2A card that says nothing of the kind is named as what is wrong', async () => {
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

test('an agent of MCP is told a tool and its arguments, in a session that both have agreed on', async () => {
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

test('a server of MCP that has forgotten its session, as its machine ended, is agreed with anew', async () => {
  const { ask, view } = await useChatWith('MCP', statefulServer());
  await ask('whoAmI');
  view.send({ type: 'stopSession' });
  await view.until(({ session }) => session.state === 'ended');
  expect(JSON.parse(answerText(await ask('whoAmI')))).toMatchObject({ calls: 1 });
});

test.each([
  ['whoAmI {', /^The arguments of whoAmI are not JSON: .*such as: add \{"a": 1, "b": 2\}$/],
  ['whoAmI [1]', /^The arguments of whoAmI must be a JSON object, not \[1\]\.$/],
])('what is no use of a tool is said before it is sent: %s', async (prompt, message) => {
  const { ask, emulator } = await useChatWith('MCP', statefulServer());
  expect(await ask(prompt)).toMatchObject({
    outcome: { failure: { message: expect.stringMatching(message) } },
  });
  expect(await emulator.sessions()).toEqual([]);
});

test('what a tool of MCP gives back is shown as what it is: words, pictures and data', async () => {
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
    'notice: The tool gave an image (image/tiff, 4 B), which cannot be shown.',
    `data: ${JSON.stringify(content[3], null, 2)}\n${JSON.stringify({ dots: 1 }, null, 2)}`,
  ]);
});

test('the tools of an agent of MCP are listed in the conversation’s session', async () => {
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

test('a list of tools that cannot be had says why', async () => {
  const { view } = await useChatWith('MCP', 'throw new Error("no vector store")');
  view.send({ type: 'listTools' });
  const { toolList } = await view.until(({ toolList: now }) => now?.tools.state === 'failed');
  expect(toolList!.tools).toMatchObject({ message: expect.stringContaining('no vector store') });
});
