import { expect, test } from 'vitest';
import type { Conversation } from '../../../../src/core/chat/conversations/conversations.ts';
import { fromJson, toJson } from '../../../../src/core/chat/conversations/exchange.ts';
import { toMarkdown } from '../../../../src/core/chat/conversations/markdown.ts';

const conversation: Conversation = {
  head: {
    id: 'c1',
    title: 'Division',
    agent: 'arn:1',
    agentName: 'Assistant',
    actorId: 'alice',
    sessionId: '0f60c37e-e6a3-4a88-a6f1-221235539493',
    life: null,
    opening: null,
    createdAt: 0,
    updatedAt: 1,
  },
  turns: [
    {
      id: 't1',
      prompt: 'divide',
      opening: { why: 'idle-timeout' },
      parts: [
        { type: 'thinking', text: 'By what?\nBy zero.' },
        {
          type: 'tool',
          id: '1',
          name: 'divide',
          input: '{"by":0}',
          result: { text: 'a ``` fence', failed: true },
          startedAt: 1,
          endedAt: 2,
        },
        { type: 'guardrail', text: 'No.' },
        { type: 'data', json: '{"by":0}' },
        { type: 'notice', text: 'Some was left out.' },
        { type: 'text', text: 'It cannot be **done**.' },
      ],
      usage: null,
      askedAt: 0,
      firstAt: 1,
      endedAt: 3,
      outcome: { type: 'failed', failure: { name: 'ValueError', message: 'boom' } },
    },
  ],
};

test('what is exported as JSON is imported as it was', () => {
  expect(fromJson(toJson(conversation))).toEqual({
    title: 'Division',
    createdAt: 0,
    turns: conversation.turns,
  });
});

test.each([
  ['{"cut', /^it is no JSON: /],
  ['[]', /^the file: .*an export as JSON is what can be imported$/],
  [toJson(conversation).replace('"divide"', '7'), /^turns\.0\.prompt: .*expected string/],
  [toJson(conversation).replace('"version": 1', '"version": 2'), /^version: /],
])('a file that cannot be imported says why: %.12s', (content, why) => {
  expect(() => fromJson(content)).toThrow(why);
});

test('as Markdown a conversation is read by people, and no tool’s result gets out of its fence', () => {
  expect(toMarkdown(conversation)).toBe(`# Division

- Agent: Assistant
- Session: \`0f60c37e-e6a3-4a88-a6f1-221235539493\`
- Actor: \`alice\`
- Begun: 1970-01-01T00:00:00.000Z

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

failed:

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

**ValueError**

\`\`\`
boom
\`\`\`
`);
});
