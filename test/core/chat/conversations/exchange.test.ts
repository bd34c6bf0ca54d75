import { expect, test } from 'vitest';
import type { Conversation } from '../../../../src/core/chat/conversations/conversationStore.ts';
import {
  importConversation,
  exportConversation,
} from '../../../../src/core/chat/conversations/conversationFile.ts';
import { toMarkdown } from '../../../../src/core/chat/conversations/markdown.ts';
import type { Turn } from '../../../../src/shared/chat/turn.ts';
import { exampleTool, exampleTurn } from '../../../support/chatState.ts';
import { exampleAgent } from '../../../support/registry.ts';
import { exampleModelCalls } from '../../../support/sampleTurns.ts';

const conversation: Conversation = {
  head: {
    id: 'c1',
    title: 'Division',
    target: exampleAgent('Assistant').target,
    agentName: 'Assistant',
    actorId: 'alice',
    sessionId: '0f60c37e-e6a3-4a88-a6f1-221235539493',
    runStartedAt: null,
    opening: null,
    createdAt: 0,
    updatedAt: 1,
  },
  turns: [
    exampleTurn({
      prompt: 'divide',
      modelCalls: exampleModelCalls,
      opening: { why: 'idle-timeout' },
      parts: [
        { type: 'thinking', text: 'By what?\nBy zero.' },
        exampleTool({
          name: 'divide',
          input: '{"by":0}',
          result: { text: 'a ``` fence', failed: true },
        }),
        { type: 'guardrail', text: 'No.' },
        { type: 'data', json: '{"by":0}' },
        { type: 'notice', text: 'Some was left out.' },
        { type: 'text', text: 'It cannot be **done**.' },
        { type: 'data', json: '{"text":"It cannot be **done**.","by":0}', leftOut: 1 },
      ],
      firstAt: 1,
      endedAt: 3,
      outcome: { type: 'failed', failure: { name: 'ValueError', message: 'boom' } },
    }),
  ],
};

test('a JSON export is imported unchanged', () => {
  expect(importConversation(exportConversation(conversation))).toEqual({
    title: 'Division',
    createdAt: 0,
    turns: conversation.turns,
  });
});

test.each([
  ['{"cut', /^Not valid JSON: /],
  ['[]', /^the file: .*Import a conversation that was exported as JSON\.$/],
  [
    exportConversation(conversation).replace('"divide"', '7'),
    /^turns\.0\.prompt: .*expected string/,
  ],
  [exportConversation(conversation).replace('"version": 1', '"version": 2'), /^version: /],
])('an invalid file is rejected with the reason: %.12s', (content, why) => {
  expect(() => importConversation(content)).toThrow(why);
});

test('a Markdown export is readable, and fences contain all tool results', () => {
  expect(toMarkdown(conversation)).toBe(`# Division

- Agent: Assistant
- Session: \`0f60c37e-e6a3-4a88-a6f1-221235539493\`
- Actor: \`alice\`
- Started: 1970-01-01T00:00:00.000Z

---

*A new session begins here (idle-timeout).*

## You

divide

## Assistant

> *Thinking*
>
> By what?
> By zero.

**Tool** \`divide\`

\`\`\`
{"by":0}
\`\`\`

Failed:

\`\`\`\`
a \`\`\` fence
\`\`\`\`

> *Guardrail*
>
> No.

\`\`\`
{"by":0}
\`\`\`

*Some was left out.*

It cannot be **done**.

\`\`\`
{"text":"It cannot be **done**.","by":0}
\`\`\`

**ValueError**

\`\`\`
boom
\`\`\`

*3 model calls · 1 failed · 2,408 tokens in, 96 out · first token 120 ms · about $0.0042*
`);
});

test('a running answer is exported as interrupted', () => {
  const [turn] = conversation.turns;
  const running = { ...turn!, id: 't2', endedAt: null, outcome: null };
  const { turns } = importConversation(
    exportConversation({ ...conversation, turns: [turn!, running] }),
  );
  expect(turns).toMatchObject([
    turn!,
    { id: 't2', endedAt: 0, outcome: { type: 'failed', failure: { name: 'Interrupted' } } },
  ]);
});

test('the last of several turns with one ID is imported', () => {
  const [turn] = conversation.turns;
  const later = { ...turn!, prompt: 'divide again' };
  expect(
    importConversation(exportConversation({ ...conversation, turns: [turn!, later] })).turns,
  ).toEqual([later]);
});

test('a Markdown export has attachments and fenced payloads', () => {
  const [turn] = conversation.turns;
  const [image, code] = [
    { id: '1', name: 'a.png', mediaType: 'image/png', size: 1200, thumbnail: null },
    { id: '2', name: 'src/a.ts', language: 'ts', firstLine: 3, lastLine: 4, text: 'a;\nb;\n' },
  ] as const;
  const attached: Turn = {
    ...turn!,
    attachments: [
      { type: 'image', ...image },
      { type: 'selection', ...code },
    ],
  };
  expect(toMarkdown({ ...conversation, turns: [attached] })).toContain(`## You

divide

src/a.ts, lines 3–4:

\`\`\`ts
a;
b;
\`\`\`

Attached:

- a.png (image/png, 1.2 kB)

## Assistant
`);
  const payload: Turn = { ...turn!, isPayload: true, prompt: '{"by": "```"}' };
  expect(toMarkdown({ ...conversation, turns: [payload] })).toContain(
    '## You\n\n````json\n{"by": "```"}\n````\n',
  );
});

test('a Markdown export supports any number of backticks', () => {
  const [turn] = conversation.turns;
  const json = '` '.repeat(200_000);
  const long: Turn = { ...turn!, parts: [{ type: 'data', json }] };
  expect(toMarkdown({ ...conversation, turns: [long] })).toContain(`\`\`\`\n${json}\n\`\`\``);
});
