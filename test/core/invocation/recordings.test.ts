import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitBytes, readEvents, formatPart, applyEvents } from '../../support/answers.ts';

/** Streams that the SDKs sent for the same conversation. */
const recording = (name: string) => readFile(new URL(`recordings/${name}`, import.meta.url));

const thought = 'thinking: I should divide.';
const said = 'text: Let me see. ';
const first = 'divide {"a":84,"b":7} → 12.0';
const second = (error: string) => `divide {"a":1,"b":0} → failed: ${error}`;
const answer = 'text: It is 12 für Zoë 🌍.';
const usage = { inputTokens: 250, outputTokens: 29 };

const strands = [
  thought,
  said,
  first,
  second('Error: ZeroDivisionError - division by zero'),
  answer,
];
const langGraph = [
  thought,
  said,
  first,
  second("Error: ZeroDivisionError('division by zero')\n Please fix your mistakes."),
  answer,
];
const claude = [thought, said, first, second('Error: division by zero'), answer];
const errorAsText = 'divide {"a":1,"b":0} → Error: division by zero';
const withoutResults = [
  thought,
  said,
  'divide {"a":84,"b":7} → …',
  'divide {"a":1,"b":0} → …',
  answer,
];

const recordings: [name: string, parts: string[], usage: object | null][] = [
  // The whole stream of stream_async, its JSON events, and its messages.
  ['strands-stream.sse', strands, usage],
  ['strands-event.sse', withoutResults, usage],
  ['strands-message.sse', strands, usage],
  // LangGraph's stream modes, combinations of them, and LangChain's events and serializations.
  ['langgraph-messages.sse', langGraph, usage],
  ['langgraph-updates.sse', langGraph, usage],
  ['langgraph-values.sse', langGraph, usage],
  ['langgraph-both.sse', langGraph, usage],
  ['langgraph-v2.sse', langGraph, usage],
  ['langgraph-subgraphs.sse', langGraph, usage],
  ['langgraph-chunk.sse', langGraph, usage],
  ['langgraph-dumpd.sse', langGraph, usage],
  ['langgraph-repr.sse', langGraph, usage],
  [
    'langgraph-events.sse',
    [...langGraph.slice(0, 3), second('ZeroDivisionError: division by zero'), answer],
    usage,
  ],
  ['claude-agent.sse', claude, { ...usage, costInDollars: 0.0123 }],
  ['claude-agent-messages.sse', claude, { ...usage, costInDollars: 0.0123 }],
  ['claude-agent-python.sse', claude, { ...usage, costInDollars: 0.0123 }],
  ['claude-agent-python-messages.sse', claude, { ...usage, costInDollars: 0.0123 }],
  ['anthropic.sse', withoutResults, usage],
  [
    'strands-typescript.sse',
    [...strands.slice(0, 3), second('Error: division by zero'), answer],
    usage,
  ],
  // Vercel's UI message stream and parts, then OpenAI's Responses and Agents SDK.
  ['ai-sdk.sse', [thought, said, first, second('division by zero'), answer], usage],
  ['ai-sdk-parts.sse', [thought, said, first, second('The tool failed.'), answer], usage],
  ['openai-responses.sse', withoutResults, usage],
  ['openai-agents.sse', [thought, said, first, errorAsText, answer], usage],
  ['agui.sse', [thought, said, first, errorAsText, answer], null],
  ['a2a-artifact-03.sse', [`text: Dividing\n\nIt is 12 für Zoë 🌍.`], null],
  ['a2a-artifact-1.sse', [`text: Dividing\n\nIt is 12 für Zoë 🌍.`], null],
  ['a2a-legacy-03.sse', [answer], null],
  ['a2a-legacy-1.sse', [answer], null],
  ['a2a-1.json', [answer], null],
];

test.each(recordings)(
  '%s shows each text, thought and tool use once',
  async (name, parts, usage) => {
    const events = await readEvents(chooseContentType(name), await recording(name));
    const turn = applyEvents(events);
    expect(turn.parts.map(formatPart)).toEqual(parts);
    expect(turn.usage).toEqual(usage);
  },
);

test.each([
  ['contentBlockEvent', 'toolResultEvent'],
  ['messageAddedEvent'],
  ['modelMessageEvent', 'afterToolCallEvent', 'agentResultEvent'],
])('the events %s of Strands for TypeScript have the whole answer', async (...types) => {
  const events = (await recording('strands-typescript.sse')).toString().split('\n\n');
  const forwarded = events.filter((event) => types.some((type) => event.includes(`"${type}"`)));
  const turn = applyEvents(await readEvents('text/event-stream', forwarded.join('\n\n')));
  expect(turn.parts.map(formatPart)).toEqual([
    ...strands.slice(0, 3),
    second('Error: division by zero'),
    answer,
  ]);
});

test.each([['a2a-fail-03.sse'], ['a2a-fail-1.sse']])('%s is read as a failure', async (name) => {
  expect(await readEvents(chooseContentType(name), await recording(name))).toEqual([
    { type: 'failure', failure: { name: 'Task failed', message: 'boom' } },
  ]);
});

test.each(recordings)('%s reads the same however it is split', async (name) => {
  const bytes = await recording(name);
  const whole = await readEvents(chooseContentType(name), bytes);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { maxLength: 40 }), async (offsets) => {
      expect(await readEvents(chooseContentType(name), ...splitBytes(bytes, offsets))).toEqual(
        whole,
      );
    }),
    { numRuns: 15 },
  );
});

function chooseContentType(name: string): string {
  return name.endsWith('.json') ? 'application/json' : 'text/event-stream';
}
