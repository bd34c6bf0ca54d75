import { expect, test } from 'vitest';
import { createAttachmentContents } from '../../../src/core/chat/attachments/attachments.ts';
import { createInMemoryConversations } from '../../../src/core/chat/conversations/inMemoryConversations.ts';
import { promptWithSelections } from '../../../src/core/chat/attachments/promptText.ts';
import type { AgentProtocol } from '../../../src/shared/emulator.ts';
import { MAX_ATTACHMENT_BYTES, type Attachment } from '../../../src/shared/attachment.ts';
import type { Turn } from '../../../src/shared/chat/turn.ts';
import type { ViewMessage } from '../../../src/shared/schemas/viewMessage.ts';
import { answerText } from '../../../src/shared/chat/turn.ts';
import { echoAgent, serverAgent } from '../../support/agents.ts';
import { useEmulator } from '../../support/emulator.ts';
import { useLocalChat } from '../../support/localChat.ts';
import { useProtocolAgent } from '../../support/protocolAgent.ts';

const png: ViewMessage = {
  type: 'attach',
  name: 'dot.png',
  mediaType: 'image/png',
  data: 'iVBORw0K',
  thumbnail: null,
};
const csv: ViewMessage = {
  type: 'attach',
  name: 'sales (EU)/Q1_2026.csv',
  mediaType: 'text/csv',
  data: 'YSxi',
  thumbnail: null,
};

async function useChatWith(protocol: AgentProtocol, main = echoAgent) {
  const emulator = await useEmulator({ agents: [await useProtocolAgent(protocol, main)] });
  const chat = await useLocalChat(emulator.url);
  await chat.view.until(({ agent }) => agent !== null);
  return chat;
}

/** Reads the request body from the answer of an agent that echoes. */
function readBody(turn: Turn): Record<string, unknown> {
  const { body } = JSON.parse(answerText(turn)) as { body: string };
  return JSON.parse(body) as Record<string, unknown>;
}

const blocks = {
  images: [{ image: { format: 'png', source: { bytes: 'iVBORw0K' } } }],
  files: [{ document: { format: 'csv', name: 'sales (EU) Q1 2026', source: { bytes: 'YSxi' } } }],
};

test('attachments are sent as content blocks at the end of the payload', async () => {
  const { view, ask } = await useChatWith('HTTP');
  view.send(png);
  view.send(csv);
  view.send({ ...png, name: 'gone.png' });
  const attached = view.state()!.attachments;
  view.send({ type: 'detach', attachment: attached[2]!.id });
  const turn = await ask('look');
  expect(readBody(turn)).toEqual({ prompt: 'look', ...blocks });
  expect(turn.attachments).toEqual(attached.slice(0, 2));
  expect(turn.attachments).toMatchObject([
    { type: 'image', name: 'dot.png', size: 6 },
    { type: 'file', size: 3 },
  ]);
  expect(view.state()!.attachments).toEqual([]);
  expect(readBody(await ask('and now'))).toEqual({ prompt: 'and now' });

  view.send({ type: 'retry', turn: turn.id, prompt: 'look again' });
  const { turns } = await view.until(
    (state) => state.turns.length === 3 && state.turns[2]!.outcome !== null,
  );
  expect(readBody(turns[2]!)).toEqual({ prompt: 'look again', ...blocks });
});

test('a template places attachments', async () => {
  const { view, ask } = await useChatWith('HTTP');
  view.send({
    type: 'saveTemplate',
    agent: view.state()!.agent!,
    template: { message: '{"q": {{input}}, "media": {"seen": {{images}}}}', cancel: null },
  });
  view.send(png);
  expect(readBody(await ask('look'))).toEqual({ q: 'look', media: { seen: blocks.images } });
});

test('a raw payload is sent unchanged, and attachments wait for the next prompt', async () => {
  const { view } = await useChatWith('HTTP');
  view.send(png);
  view.send({ type: 'send', prompt: '{"a": 1}', isPayload: true });
  const { turns, attachments } = await view.until((state) => state.turns.at(-1)?.outcome != null);
  expect(readBody(turns[0]!)).toEqual({ a: 1 });
  expect(attachments).toHaveLength(1);
});

test('AG-UI gets attachments as parts of the whole thread', async () => {
  const { view, ask } = await useChatWith('AGUI');
  view.send(png);
  view.send(csv);
  await ask('look');
  const { messages } = readBody(await ask('and?')) as { messages: { content: unknown }[] };
  expect(messages[0]!.content).toEqual([
    { type: 'text', text: 'look' },
    {
      type: 'image',
      source: { type: 'data', value: 'iVBORw0K', mimeType: 'image/png' },
      metadata: { filename: 'dot.png' },
    },
    {
      type: 'document',
      source: { type: 'data', value: 'YSxi', mimeType: 'text/csv' },
      metadata: { filename: 'sales (EU)/Q1_2026.csv' },
    },
  ]);
  expect(messages.at(-1)!.content).toBe('and?');
});

test('after a restart the AG-UI thread is sent without its files, with a notice', async () => {
  const emulator = await useEmulator({ agents: [await useProtocolAgent('AGUI', echoAgent)] });
  const conversations = createInMemoryConversations();
  const before = await useLocalChat(emulator.url, conversations);
  before.view.send(png);
  await before.ask('look');
  const [head] = conversations.heads();
  const after = await useLocalChat(emulator.url, conversations);
  after.view.send({ type: 'openConversation', conversation: head!.id });
  await after.view.until(({ turns }) => turns.length === 1);
  const { parts, firstAt } = await after.ask('and?');
  expect(parts[0]).toEqual({
    type: 'notice',
    text: expect.stringMatching(
      /^Earlier attachments are no longer available and were not sent: dot\.png\. Attach them again/,
    ),
  });
  expect(firstAt).not.toBeNull();
});

/** An A2A agent with this card that echoes its requests. */
const a2aEcho = (card: object) =>
  serverAgent(`
    if (url.includes('card')) return json(response, ${JSON.stringify(card)});
    if (url === '/') return json(response, { body: String(body) });
  `).replace('8080', '9000');

test.each([
  [
    { protocolVersion: '0.3.0' },
    [
      { kind: 'text', text: 'look' },
      { kind: 'file', file: { name: 'dot.png', mimeType: 'image/png', bytes: 'iVBORw0K' } },
    ],
  ],
  [
    { supportedInterfaces: [{ protocolBinding: 'JSONRPC', protocolVersion: '1.0' }] },
    [{ text: 'look' }, { raw: 'iVBORw0K', filename: 'dot.png', mediaType: 'image/png' }],
  ],
])(
  'an A2A agent receives attachments as parts of its protocol version: %j',
  async (card, parts) => {
    const { view, ask } = await useChatWith('A2A', a2aEcho(card));
    view.send(png);
    expect(readBody(await ask('look'))).toMatchObject({ params: { message: { parts } } });
  },
);

test('a file that is too large is refused, and missing content is requested again', () => {
  let ids = 0;
  const contents = createAttachmentContents(() => String((ids += 1)));
  const file = (bytes: number) => ({
    name: 'big.bin',
    mediaType: 'application/octet-stream',
    data: 'A'.repeat(Math.ceil((bytes * 4) / 3 / 4) * 4),
    thumbnail: null,
  });
  const half = MAX_ATTACHMENT_BYTES / 2;
  expect(() => contents.add(file(MAX_ATTACHMENT_BYTES + 10), [])).toThrow(
    'big.bin (70 MB) is too large. A message can have 70 MB of files.',
  );
  const first = contents.add(file(half), []);
  expect(() => contents.add(file(half + 10), [first])).toThrow(
    /too large with 35 MB of other files/,
  );
  for (let count = 0; count < 6; count += 1) contents.add(file(half), []);
  expect(contents.findAvailable([first])).toEqual([]);
  expect(() => contents.requireAll([first])).toThrow(
    /^The content of big\.bin is no longer available\. Attach it/,
  );
});

test('selected lines are sent as a fenced block', () => {
  const selection: Attachment = {
    type: 'selection',
    id: '1',
    name: 'src/a.md',
    language: 'markdown',
    firstLine: 3,
    lastLine: 5,
    text: '```js\nlet a;\n```\n',
  };
  expect(promptWithSelections({ prompt: 'why?', attachments: [selection] })).toBe(
    'why?\n\nsrc/a.md, lines 3–5:\n\n````markdown\n```js\nlet a;\n```\n````',
  );
  expect(promptWithSelections({ prompt: 'why?' })).toBe('why?');
});
