import { expect, test, vi } from 'vitest';
import { runPython } from '../../../support/python.ts';
import { reasoning, text, toolUse, turn } from './modelTurns.ts';
import { useProtocols } from './useProtocols.ts';

vi.setConfig({ testTimeout: 120_000 });

const callWeather = turn(
  [
    ...reasoning('I need the weather.', 'signed'),
    ...text('Let me ', 'look.'),
    ...toolUse('call_1', 'weather', '{"ci', 'ty":"Bern"}'),
  ],
  { stopReason: 'toolUse' },
);

// Each event is validated strictly against the SDK's own type before the SDK accumulates it.
const PREAMBLE = `
import json, sys
from pydantic import TypeAdapter
url = sys.argv[1]

def check(types, event):
    TypeAdapter(types).validate_json(event.to_json(), strict=True)
    return event.type if hasattr(event, "type") else "chunk"
`;

test('The Python SDK of Anthropic runs a tool loop, and its types accept every event.', async () => {
  const { url, requests } = await useProtocols([callWeather, turn(text('Sunny.'))]);
  const program = `${PREAMBLE}
import anthropic
from anthropic.types import Message, RawMessageStreamEvent
client = anthropic.Anthropic(base_url=url + "/anthropic", api_key="local", max_retries=0)
tools = [{"name": "weather", "input_schema": {"type": "object"}}]
options = dict(model="claude-sonnet-5", max_tokens=100, tools=tools)
messages = [{"role": "user", "content": "Weather in Bern?"}]
raw = list(client.messages.create(**options, messages=messages, stream=True))
types = [check(RawMessageStreamEvent, event) for event in raw]
messages += [
    {"role": "assistant", "content": [{"type": "tool_use", "id": "call_1", "name": "weather", "input": {}}]},
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "call_1", "content": "20"}]},
]
with client.messages.stream(**options, messages=messages) as stream:
    final = stream.get_final_message()
whole = client.messages.create(**options, messages=messages)
check(Message, whole)
refused = None
try:
    client.messages.create(**{**options, "max_tokens": 0}, messages=messages)
except anthropic.BadRequestError as error:
    refused = error.body["error"]["message"]
print(json.dumps({"types": types, "text": final.content[0].text, "refused": refused}))
`;
  const printed = await runPython<{ types: string[] }>(url, program, [url]);
  expect(printed).toMatchObject({
    text: 'Sunny.',
    refused: 'max_tokens: expected number to be >=1, but got 0',
  });
  expect(printed.types.at(-1)).toBe('message_stop');
  expect(requests[1]!.messages).toHaveLength(3);
});

test('The Python SDK of OpenAI runs tool loops, and its types accept every event.', async () => {
  const { url } = await useProtocols([callWeather, callWeather, turn(text('Sunny.'))]);
  const program = `${PREAMBLE}
import openai
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response, ResponseStreamEvent
client = openai.OpenAI(base_url=url + "/openai/v1", api_key="local", max_retries=0)
parameters = {"type": "object", "properties": {"city": {"type": "string"}}}
functions = [{"type": "function", "function": {"name": "weather", "parameters": parameters}}]
messages = [{"role": "user", "content": "Weather in Bern?"}]
chunks = list(client.chat.completions.create(model="gpt-5.4", messages=messages, tools=functions,
                                             stream=True, stream_options={"include_usage": True}))
for chunk in chunks:
    check(ChatCompletionChunk, chunk)
tools = [{"type": "function", "name": "weather", "parameters": parameters, "strict": False}]
options = dict(model="gpt-5.4", tools=tools)
events = list(client.responses.create(**options, input="Weather in Bern?", stream=True,
                                      reasoning={"summary": "auto"}))
types = [check(ResponseStreamEvent, event) for event in events]
output = [{"type": "function_call_output", "call_id": "call_1", "output": "20"}]
with client.responses.stream(**options, previous_response_id=events[-1].response.id,
                             input=output) as stream:
    for event in stream:
        pass
    final = stream.get_final_response()
response = client.responses.create(model="gpt-5.4", input="Thanks")
TypeAdapter(Response).validate_json(response.to_json(), strict=True)
completion = client.chat.completions.create(model="gpt-5.4", messages=messages)
TypeAdapter(ChatCompletion).validate_json(completion.to_json(), strict=True)
refused = None
try:
    client.chat.completions.create(model="gpt-5.4", messages=[])
except openai.BadRequestError as error:
    refused = [error.param, error.type]
print(json.dumps({"types": types, "tokens": chunks[-1].usage.total_tokens, "text": final.output_text,
                  "completion": completion.choices[0].message.content, "refused": refused}))
`;
  const printed = await runPython<{ types: string[] }>(url, program, [url]);
  expect(printed).toMatchObject({
    tokens: 24,
    text: 'Sunny.',
    completion: 'Sunny.',
    refused: ['messages', 'invalid_request_error'],
  });
  expect(printed.types.at(-1)).toBe('response.completed');
});
