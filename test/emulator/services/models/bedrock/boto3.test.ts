import { expect, test } from 'vitest';
import { ModelError } from '../../../../../emulator/services/models/modelError.ts';
import type { ModelEvent } from '../../../../../emulator/services/models/modelEvent.ts';
import { runPython } from '../../../../support/python.ts';
import { CLAUDE, reply, text, useBedrock } from './useBedrock.ts';

const PRELUDE = `
import base64, json, sys
import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, EventStreamError

client = boto3.client("bedrock-runtime", config=Config(retries={"total_max_attempts": 1}))
model, = sys.argv[1:]
messages = [{"role": "user", "content": [{"text": "Hello"}]}]
body = json.dumps({
    "anthropic_version": "bedrock-2023-05-31",
    "max_tokens": 9,
    "messages": [{"role": "user", "content": "Hello"}],
})
`;

const CONVERSE = `${PRELUDE}
whole = client.converse(modelId=model, messages=messages)
whole.pop("ResponseMetadata")
stream = client.converse_stream(modelId=model, messages=messages)["stream"]
print(json.dumps({"whole": whole, "events": list(stream)}))
`;

const toolUse: ModelEvent[] = [
  { type: 'blockStart', block: { type: 'toolUse', id: 'tooluse_1', name: 'weather' } },
  { type: 'toolInput', json: '{"city":"Oslo"}' },
  { type: 'blockStop' },
];

test('boto3 converses over HTTP/1.1, event by event.', async () => {
  const { wire } = await useBedrock(
    reply([...text('I ', 'ask.'), ...toolUse], { stopReason: 'toolUse' }),
  );
  const usage = {
    inputTokens: 12,
    outputTokens: 3,
    totalTokens: 24,
    cacheReadInputTokens: 4,
    cacheWriteInputTokens: 5,
  };
  const metrics = { latencyMs: expect.any(Number) };
  const start = { toolUse: { toolUseId: 'tooluse_1', name: 'weather' } };
  expect(await runPython(wire.url, CONVERSE, [CLAUDE])).toEqual({
    whole: {
      output: {
        message: {
          role: 'assistant',
          content: [
            { text: 'I ask.' },
            { toolUse: { toolUseId: 'tooluse_1', name: 'weather', input: { city: 'Oslo' } } },
          ],
        },
      },
      stopReason: 'tool_use',
      usage,
      metrics,
    },
    events: [
      { messageStart: { role: 'assistant' } },
      { contentBlockDelta: { delta: { text: 'I ' }, contentBlockIndex: 0 } },
      { contentBlockDelta: { delta: { text: 'ask.' }, contentBlockIndex: 0 } },
      { contentBlockStop: { contentBlockIndex: 0 } },
      { contentBlockStart: { start, contentBlockIndex: 1 } },
      {
        contentBlockDelta: {
          delta: { toolUse: { input: '{"city":"Oslo"}' } },
          contentBlockIndex: 1,
        },
      },
      { contentBlockStop: { contentBlockIndex: 1 } },
      { messageStop: { stopReason: 'tool_use' } },
      { metadata: { usage, metrics } },
    ],
  });
});

const INVOKE = `${PRELUDE}
whole = client.invoke_model(modelId=model, body=body)
stream = client.invoke_model_with_response_stream(modelId=model, body=body)["body"]
counted = client.count_tokens(modelId=model, input={"invokeModel": {"body": body.encode()}})
print(json.dumps({
    "message": json.load(whole["body"]),
    "contentType": whole["contentType"],
    "outputTokens": whole["ResponseMetadata"]["HTTPHeaders"]["x-amzn-bedrock-output-token-count"],
    "chunks": [json.loads(event["chunk"]["bytes"])["type"] for event in stream],
    "counted": counted["inputTokens"],
}))
`;

test('boto3 invokes a model, streams its events and counts tokens.', async () => {
  const { wire } = await useBedrock(reply(text('Hi', ' there')));
  expect(await runPython(wire.url, INVOKE, [CLAUDE])).toMatchObject({
    message: { type: 'message', content: [{ type: 'text', text: 'Hi there' }] },
    contentType: 'application/json',
    outputTokens: '3',
    chunks: [
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ],
    counted: 42,
  });
});

const ERRORS = `${PRELUDE}
errors = []
try:
    client.converse(modelId=model, messages=[])
except ClientError as error:
    errors.append(error.response["Error"])
try:
    list(client.converse_stream(modelId=model, messages=messages)["stream"])
except EventStreamError as error:
    errors.append(error.response["Error"])
print(json.dumps(errors))
`;

test('boto3 gets the errors of a request and of a stream.', async () => {
  const [start] = reply([]);
  const { wire } = await useBedrock([start!, new ModelError('throttled', 'Too many tokens.')]);
  expect(await runPython(wire.url, ERRORS, [CLAUDE])).toEqual([
    {
      Code: 'ValidationException',
      Message:
        'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    },
    { Code: 'throttlingException', Message: 'Too many tokens.' },
  ]);
});
