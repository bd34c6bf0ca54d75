import { expect, test } from 'vitest';
import { EVENTS, LINES, formatJsonLines, formatEventStream } from '../../support/answers.ts';
import { readInAllSplits, type AnswerExample } from './allSplits.ts';

const use = { toolUseId: 't1', name: 'add' };
const answers: AnswerExample[] = [
  [
    'Converse events',
    EVENTS,
    formatEventStream(
      { messageStart: { role: 'assistant' } },
      { contentBlockDelta: { delta: { reasoningContent: { text: 'hm' } } } },
      { contentBlockStart: { contentBlockIndex: 1, start: { toolUse: use } } },
      { contentBlockDelta: { contentBlockIndex: 1, delta: { toolUse: { input: '{"a":1}' } } } },
      { contentBlockStop: { contentBlockIndex: 1 } },
      { metadata: { usage: { inputTokens: 10, outputTokens: 2 } } },
      { contentBlockDelta: { delta: { text: 'Hel' } } },
      { contentBlockDelta: { delta: { text: 'lo' } } },
      { metadata: { usage: { inputTokens: 20, outputTokens: 3 } } },
      { messageStop: { stopReason: 'guardrail_intervened' } },
      { throttlingException: { message: 'Too fast' } },
    ),
    [
      'thinking: hm',
      't1 = add',
      't1 < {"a":1}',
      'usage: {"inputTokens":10,"outputTokens":2}',
      'Hello',
      'usage: {"inputTokens":30,"outputTokens":5}',
      'guardrail: A guardrail intervened.',
      'throttlingException! Too fast',
    ],
  ],
  [
    'cumulative text of Strands, and its current tool',
    LINES,
    formatJsonLines(
      { data: 'Hello', delta: {} },
      { data: 'Hello World', delta: {} },
      { current_tool_use: { ...use, input: '{"a"' } },
      { current_tool_use: { ...use, input: '{"a":1}' } },
      { type: 'tool_result', tool_result: { toolUseId: 't1', content: [{ json: { sum: 2 } }] } },
      { force_stop: true, force_stop_reason: 'x' },
      { type: 'multiagent_node_stream', node_id: 'n', event: { data: '!', delta: {} } },
    ),
    ['Hello World', 't1 = add', 't1 < {"a":1}', 't1 > {\n  "sum": 2\n}', '!'],
  ],
  [
    'named events',
    LINES,
    formatJsonLines(
      { type: 'TextStreamEvent', text: 'a' },
      { type: 'tool_use', tool_name: 'add', tool_use_id: 't1', tool_input: { a: 1 } },
      { type: 'tool_result', tool_use_id: 't1', tool_result: 'two', status: 'completed' },
      { type: 'guardrail', source: 'INPUT', action: 'GUARDRAIL_INTERVENED', assessments: [] },
      { content: [{ toolUse: { toolUseId: 't2', name: 'sub', input: {} } }] },
      { content: [{ toolResult: { toolUseId: 't2', status: 'error', content: 'no' } }] },
      { usage: { inputTokens: 1, outputTokens: 2 }, metrics: { latencyMs: 3 } },
      { type: 'done' },
    ),
    [
      'a',
      't1 = add',
      't1 < {"a":1}',
      't1 > two',
      'guardrail: A guardrail intervened in the input.',
      't2 = sub',
      't2 < {}',
      't2 > failed: no',
      'usage: {"inputTokens":1,"outputTokens":2}',
    ],
  ],
  [
    'events with an event name',
    EVENTS,
    'event: message\ndata: a\n\nevent: tool_use\ndata: {"name":"add","id":"t1"}\n\nevent: error\ndata: {"message":"boom","details":"why"}\n\n',
    ['a', 't1 = add', 'Error in the stream! boom\nwhy'],
  ],
  [
    'Chat Completions chunks',
    EVENTS,
    `${formatEventStream(
      {
        object: 'chat.completion.chunk',
        id: 'c',
        choices: [{ delta: { reasoning_content: 'hm' } }],
      },
      { object: 'chat.completion.chunk', id: 'c', choices: [{ delta: { content: 'Hi' } }] },
      {
        object: 'chat.completion.chunk',
        id: 'c',
        choices: [
          {
            delta: {
              tool_calls: [{ index: 0, id: 't1', function: { name: 'add', arguments: '{' } }],
            },
          },
        ],
      },
      {
        object: 'chat.completion.chunk',
        id: 'c',
        choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: '}' } }] } }],
      },
      {
        object: 'chat.completion.chunk',
        id: 'c',
        choices: [],
        usage: { prompt_tokens: 4, completion_tokens: 5 },
      },
    )}data: [DONE]\n\n`,
    ['thinking: hm', 'Hi', 't1 = add', 't1 < {}', 'usage: {"inputTokens":4,"outputTokens":5}'],
  ],
  [
    'cumulative messages of the LangGraph server',
    EVENTS,
    ['It', 'It is', 'It is 12.']
      .map(
        (content) =>
          `event: messages/partial\ndata: ${JSON.stringify([
            { type: 'AIMessageChunk', id: 'run-1', content, tool_calls: [] },
          ])}\n\n`,
      )
      .join(''),
    ['It is 12.'],
  ],
  [
    'a LangGraph state with earlier turns',
    'application/json',
    JSON.stringify({
      messages: [
        { type: 'human', content: 'a', additional_kwargs: {} },
        { type: 'ai', id: '1', content: 'before', additional_kwargs: {} },
        { type: 'human', content: 'b', additional_kwargs: {} },
        { type: 'ai', id: '2', content: 'now', additional_kwargs: {} },
      ],
    }),
    ['now'],
  ],
  [
    'a whole Anthropic message',
    'application/json',
    JSON.stringify({
      type: 'message',
      role: 'assistant',
      content: [
        { type: 'text', text: 'Hi' },
        { type: 'tool_use', id: 't1', name: 'add', input: { a: 1 } },
      ],
      usage: { input_tokens: 1, cache_read_input_tokens: 2, output_tokens: 3 },
    }),
    ['Hi', 't1 = add', 't1 < {"a":1}', 'usage: {"inputTokens":3,"outputTokens":3}'],
  ],
  [
    'an Anthropic error in the stream',
    EVENTS,
    'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
    ['overloaded_error! Overloaded'],
  ],
  [
    'an AG-UI error',
    EVENTS,
    formatEventStream({ type: 'RUN_ERROR', message: 'boom', code: 'E1' }),
    ['E1! boom'],
  ],
  [
    'a failure of the Claude Agent SDK',
    LINES,
    formatJsonLines(
      { type: 'assistant', session_id: 's', message: { content: [{ type: 'text', text: 'Hm' }] } },
      { type: 'result', subtype: 'error_max_turns', is_error: true, num_turns: 9, errors: ['9!'] },
    ),
    ['Hm', 'error_max_turns! 9!'],
  ],
  [
    'a whole OpenAI response',
    'application/json',
    JSON.stringify({
      object: 'response',
      id: 'r',
      output: [
        { type: 'reasoning', id: '1', summary: [{ type: 'summary_text', text: 'hm' }] },
        { type: 'web_search_call', id: 'w', action: { query: 'q' } },
        { type: 'function_call', id: 'f', call_id: 't1', name: 'add', arguments: '{}' },
        {
          type: 'message',
          id: '2',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Hi' }],
        },
      ],
      incomplete_details: { reason: 'max_output_tokens' },
      usage: { input_tokens: 1, output_tokens: 2 },
    }),
    [
      'thinking: hm',
      'w = web_search',
      'w < {"query":"q"}',
      't1 = add',
      't1 < {}',
      'Hi',
      'usage: {"inputTokens":1,"outputTokens":2}',
      'notice: The model’s answer is incomplete: max_output_tokens.',
    ],
  ],
  [
    'a failed OpenAI response',
    EVENTS,
    formatEventStream({
      type: 'response.failed',
      response: { error: { code: 'server_error', message: 'no' } },
    }),
    ['server_error! no'],
  ],
  [
    'other parts of Vercel’s AI SDK',
    EVENTS,
    formatEventStream(
      { type: 'tool-input-error', toolCallId: 't1', toolName: 'add', input: {}, errorText: 'bad' },
      { type: 'tool-input-available', toolCallId: 't2', toolName: 'sub', input: {} },
      { type: 'tool-output-available', toolCallId: 't2', output: 'half', preliminary: true },
      { type: 'tool-output-denied', toolCallId: 't2' },
      { type: 'file', mediaType: 'image/png', url: 'data:image/png;base64,' },
      { type: 'finish', finishReason: 'content-filter' },
      { type: 'error', errorText: 'boom' },
    ),
    [
      't1 = add',
      't1 < {}',
      't1 > failed: bad',
      't2 = sub',
      't2 < {}',
      't2 > failed: The use of the tool was denied.',
      'notice: The agent sent image/png, which is not shown.',
      'guardrail: The content was filtered.',
      'Error in the stream! boom',
    ],
  ],
  [
    'a guardrail and an interrupt of Strands for TypeScript',
    LINES,
    formatJsonLines(
      { type: 'modelStreamUpdateEvent', event: { type: 'modelMessageStartEvent' } },
      { type: 'modelRedactionEvent', outputRedaction: { replaceContent: 'Blocked.' } },
      { type: 'modelMessageStopEvent', stopReason: 'guardrailIntervened' },
      {
        type: 'interruptEvent',
        interrupt: { id: 'i', name: 'approve', reason: 'It is expensive.' },
      },
    ),
    [
      'guardrail: Blocked.',
      'guardrail: A guardrail intervened.',
      'notice: The agent is waiting for input: approve (It is expensive.)',
    ],
  ],
  [
    'the result of an MCP tool',
    EVENTS,
    `event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress' })}\n\nevent: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: '3' }], structuredContent: { sum: 3 }, isError: false } })}\n\n`,
    ['3', '{\n  "sum": 3\n}'],
  ],
  [
    'the failure of an MCP tool',
    'application/json',
    JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      result: { content: [{ type: 'text', text: 'no' }], isError: true },
    }),
    ['The tool failed! no'],
  ],
];

test.each(answers)('%s: reads the same however it is split', async (_name, type, answer, read) => {
  await readInAllSplits(type, answer, (events) => expect(events).toEqual(read));
});
