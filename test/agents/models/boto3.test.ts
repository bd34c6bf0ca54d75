import { expect, test, vi } from 'vitest';
import { usePythonAgent } from '../../support/python.ts';
import { runToolLoop, toolLoopOf, useConversation } from '../../support/toolLoops.ts';

vi.setConfig({ testTimeout: 60_000 });

test('An agent on boto3 streams a tool loop.', async () => {
  const agent = await usePythonAgent(`
import json
import boto3
from bedrock_agentcore import BedrockAgentCoreApp

bedrock = boto3.client("bedrock-runtime", region_name="us-east-1")
factors = {name: {"type": "integer"} for name in ("a", "b")}
schema = {"type": "object", "properties": factors, "required": ["a", "b"]}
multiply = {"name": "multiply", "description": "Multiplies", "inputSchema": {"json": schema}}
messages = []
app = BedrockAgentCoreApp()

@app.entrypoint
def invoke(payload):
    messages.append({"role": "user", "content": [{"text": payload["prompt"]}]})
    reason = "tool_use"
    while reason == "tool_use":
        reply = bedrock.converse_stream(
            modelId="amazon.nova-pro-v1:0", system=[{"text": "You calculate."}],
            messages=messages, toolConfig={"tools": [{"toolSpec": multiply}]},
        )
        calls, text = [], ""
        for event in reply["stream"]:
            if "contentBlockStart" in event:
                calls.append({**event["contentBlockStart"]["start"]["toolUse"], "input": ""})
            delta = event.get("contentBlockDelta", {}).get("delta", {})
            if "toolUse" in delta:
                calls[-1]["input"] += delta["toolUse"]["input"]
            if "text" in delta:
                text += delta["text"]
                yield delta["text"]
            reason = event.get("messageStop", {}).get("stopReason", reason)
        calls = [{**call, "input": json.loads(call["input"])} for call in calls]
        content = [{"text": text}] if text else []
        content += [{"toolUse": call} for call in calls]
        messages.append({"role": "assistant", "content": content})
        results = [
            {"toolResult": {
                "toolUseId": call["toolUseId"],
                "content": [{"json": {"product": call["input"]["a"] * call["input"]["b"]}}],
            }}
            for call in calls
        ]
        if results:
            messages.append({"role": "user", "content": results})

app.run()
`);
  const conversation = await useConversation(agent);
  expect(await runToolLoop(conversation)).toMatchObject(toolLoopOf('ConverseStream'));
});
