import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { frameMessage } from '../../../src/core/invocation/framing/socketMessage.ts';
import { createFrameReader } from '../../../src/core/invocation/frameReader.ts';
import { describeClose } from '../../../src/core/agents/socketConnection.ts';

/** Reads a recording as messages of a web socket; returns the types of its events. */
async function readTypes(recording: string): Promise<string[]> {
  const stream = await readFile(new URL(`recordings/${recording}`, import.meta.url), 'utf8');
  const reader = createFrameReader();
  const events = stream
    .split('\n\n')
    .map((event) => event.replace(/^data: /, ''))
    .flatMap((message) => reader.read(frameMessage(message)));
  return [...events, ...reader.end()].map(({ type }) => type);
}

test.each([
  'agui.sse',
  'ai-sdk.sse',
  'ai-sdk-parts.sse',
  'anthropic.sse',
  'claude-agent.sse',
  'openai-agents.sse',
  'openai-responses.sse',
  'strands-event.sse',
  'strands-stream.sse',
  'strands-typescript.sse',
])('%s marks its end, and only usage follows', async (recording) => {
  const types = await readTypes(recording);
  const after = types.slice(types.indexOf('end'));
  expect(after.filter((type) => type !== 'end' && type !== 'usage')).toEqual([]);
  expect(after).toContain('end');
});

test('LangGraph marks no end, and none is assumed', async () => {
  expect(await readTypes('langgraph-messages.sse')).not.toContain('end');
});

test.each(['{"type":"done"}', '[DONE]', '{"type":"complete","result":"12"}', 'data: [DONE]\n\n'])(
  '%s marks the end',
  (message) => {
    const types = createFrameReader()
      .read(frameMessage(message))
      .map(({ type }) => type);
    expect(types.at(-1)).toBe('end');
  },
);

test('a message is framed as JSON, events, JSON lines or text', () => {
  const frameData = (message: string) =>
    frameMessage(message).map((frame) => frame.type === 'event' && frame.data);
  expect(frameData('{\n  "a": 1\n}')).toEqual(['{\n  "a": 1\n}']);
  expect(frameData('data: 1\n\ndata: 2\n\n')).toEqual(['1', '2']);
  expect(frameData('{"a":1}\n{"a":2}')).toEqual(['{"a":1}', '{"a":2}']);
  expect(frameData('{"a":1}\nwords')).toEqual(['{"a":1}\nwords']);
  expect(frameData('words')).toEqual(['words']);
  expect(frameData('')).toEqual([]);
});

test('every close code of a web socket has a description', () => {
  expect(describeClose({ code: 1009, reason: 'a frame of 70000 bytes' })).toBe(
    'Closed with 1009: a message was too large: AgentCore accepts frames of up to 64 KB. Reason: a frame of 70000 bytes',
  );
  expect(describeClose({ code: 4001, reason: '' })).toBe(
    'Closed with 4001: a code that the agent defines.',
  );
});
