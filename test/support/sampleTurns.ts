import type { Part } from '../../src/shared/chat/answer.ts';
import { addModelCall, type TurnModelCalls } from '../../src/shared/chat/modelCalls.ts';
import type { Turn } from '../../src/shared/chat/turn.ts';
import type { ModelCallSummary } from '../../src/shared/session.ts';

/** A runtime ARN that is wider than a narrow chat. */
export const ARN =
  'arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/Customer_Support_Assistant-0123456789';
const answerInMarkdown = `# The *deployment* of \`Assistant\`

It takes **three** steps, and the [documentation](https://docs.test/x) has each; [notes](notes.md) stay here:

1. Build the image
   - for \`linux/arm64\`
   - with ~~docker~~ buildx
2. Push it
3. Create the runtime

- [x] tested
- [ ] deployed

> A session is a machine of its own.

| operation | status | what is told |
|---|:-:|--:|
| \`CreateAgentRuntime\` | 202 | ${ARN} |
| \`InvokeAgentRuntime\` | 200 | a stream |

\`\`\`python
# Every session has its own memory, as in AWS.
@app.entrypoint
async def answer(payload: dict) -> str:
    return f"{payload['prompt']} is {42 + 1.5} or {None}, and so on to the end of a long line"
\`\`\`

---

The runtime is \`${ARN}\`.`;

/** Creates a completed turn with typical times and usage. */
export function createTurn(
  id: string,
  prompt: string,
  parts: readonly Part[],
  more?: Partial<Turn>,
): Turn {
  const askedAt = 1_763_700_000_000;
  return {
    id,
    prompt,
    parts,
    usage: { inputTokens: 1412, outputTokens: 96, costInDollars: 0.0123 },
    opening: null,
    askedAt,
    firstAt: askedAt + 165,
    endedAt: askedAt + 2713,
    outcome: { type: 'completed' },
    ...more,
  };
}

const text = (words: string): Part => ({ type: 'text', text: words });

/** Parts of an answer with thinking and tool uses. */
export const working: readonly Part[] = [
  { type: 'thinking', text: 'The user wants to **divide**. I have a tool for that: `divide`.' },
  text('Let me see what the calculator says to that.'),
  {
    type: 'tool',
    id: '1',
    name: 'divide',
    input: '{"dividend":84,"divisor":7}',
    result: { text: '12.0', failed: false },
    startedAt: 0,
    endedAt: 420,
  },
  {
    type: 'tool',
    id: '2',
    name: 'look_up_in_the_knowledge_base_of_the_whole_company',
    input: '{"query":"what is 1 / 0?","limit":3}',
    result: { text: 'ZeroDivisionError: division by zero', failed: true },
    startedAt: 0,
    endedAt: 2100,
  },
];

/** The failure of an agent that raised an exception. */
export const failure = {
  name: 'RuntimeClientError',
  message: `The agent failed: ZeroDivisionError: division by zero
Traceback (most recent call last):
  File "/srv/agents/assistant/main.py", line 12, in answer
    return payload["a"] / payload["b"]
ZeroDivisionError: division by zero`,
};

/** Turns with every outcome and every type of part. */
export const ended: readonly Turn[] = [
  createTurn('1', 'Divide 84 by 7, and look up what 1 / 0 is', [
    ...working,
    text('It is **12**; the other has no answer.'),
  ]),
  createTurn('2', 'How is it deployed?', [text(answerInMarkdown)]),
  createTurn('3', 'Go on', [text('On and on and')], {
    outcome: { type: 'canceled' },
    usage: null,
  }),
  createTurn(
    '4',
    'And now?',
    [
      { type: 'data', json: '{\n  "step": 3,\n  "of": 4\n}' },
      { type: 'guardrail', text: 'A guardrail came between: the topic “investments” is denied.' },
      { type: 'notice', text: 'The answer is too long: 99 million characters are not shown.' },
    ],
    { opening: { why: 'idle-timeout' }, outcome: { type: 'failed', failure } },
  ),
];

/** A turn in a right-to-left script. */
export const rightToLeft = createTurn('1', 'كيف أنشر الوكيل؟', [
  text(`## النشر في ثلاث خطوات

شغّل الأمر \`agentcore deploy\` ثم انتظر:

1. بناء الصورة
2. إنشاء وقت التشغيل

- [x] تم

> الجلسة آلة مستقلة.

| العملية | الحالة |
|---|---|
| \`CreateAgentRuntime\` | 202 |

\`\`\`js
const greeting = 'مرحبا'; // a comment
\`\`\``),
]);

const encoded = 'iVBORw0KGgoAAAANSUhEUgAAAAUA'.repeat(108).slice(0, 3_000);

/** A turn with long unbroken strings, which the chat folds. */
export const longRuns = createTurn('encoded', `What is ${encoded} in plain text?`, [
  text(`## About ${encoded}

A file \`${encoded}\` and a link to https://docs.test/${encoded.slice(18)}.

| file | size |
|---|--:|
| ${encoded} | 3 kB |

\`\`\`json
{ "file": "${encoded.slice(3)}" }
\`\`\`

It starts with ${encoded} and that is all.`),
]);

/** Creates a call of a model that replied. */
export function createModelCall(more: Partial<ModelCallSummary> = {}): ModelCallSummary {
  return {
    model: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
    backend: 'bedrock',
    inputTokens: 602,
    outputTokens: 48,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    timeToFirstToken: 120.4,
    tools: [],
    cost: 0.0021,
    stopReason: 'endTurn',
    error: null,
    ...more,
  };
}

/** Calls with tools, with the prompt cache, and one that failed. */
export const exampleModelCalls: TurnModelCalls = [
  createModelCall({
    stopReason: 'toolUse',
    tools: ['divide', 'look_up_in_the_knowledge_base_of_the_whole_company'],
  }),
  createModelCall({ cacheReadTokens: 512, cacheWriteTokens: 90 }),
  createModelCall({
    backend: 'openai:http://127.0.0.1:8000/v1#llama-3',
    outputTokens: 0,
    timeToFirstToken: null,
    cost: null,
    stopReason: null,
    error: 'http://127.0.0.1:8000/v1 cannot be reached (ECONNREFUSED). Start the server.',
  }),
].reduce(addModelCall, undefined as TurnModelCalls | undefined)!;
