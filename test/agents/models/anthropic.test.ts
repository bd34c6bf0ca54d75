import { expect, test, vi } from 'vitest';
import { anthropicAgent } from '../../support/agentPrograms.ts';
import { usePythonAgent } from '../../support/python.ts';
import {
  runToolLoop,
  toolLoopOf,
  useConversation,
  useSdkProgram,
} from '../../support/toolLoops.ts';

vi.setConfig({ testTimeout: 60_000 });

test('An agent on the Python SDK of Anthropic streams a tool loop.', async () => {
  const agent = await usePythonAgent(`
from anthropic import AsyncAnthropic, beta_async_tool
from bedrock_agentcore import BedrockAgentCoreApp

@beta_async_tool
async def multiply(a: int, b: int) -> str:
    """Multiplies two numbers.

    Args:
        a: First factor
        b: Second factor
    """
    return str(a * b)

client = AsyncAnthropic()
messages = []
app = BedrockAgentCoreApp()

@app.entrypoint
async def invoke(payload):
    messages.append({"role": "user", "content": payload["prompt"]})
    runner = client.beta.messages.tool_runner(
        model="claude-sonnet-5", max_tokens=1000, system="You calculate.",
        tools=[multiply], messages=messages, stream=True,
    )
    async for stream in runner:
        async for text in stream.text_stream:
            yield text
    message = await runner.until_done()
    messages.append({"role": "assistant", "content": message.content})

app.run()
`);
  const conversation = await useConversation(agent);
  expect(await runToolLoop(conversation)).toMatchObject(toolLoopOf('anthropic messages'));
});

test('An agent on the TypeScript SDK of Anthropic streams a tool loop.', async () => {
  const agent = await useSdkProgram(anthropicAgent);
  const conversation = await useConversation(agent);
  expect(await runToolLoop(conversation)).toMatchObject(toolLoopOf('anthropic messages'));
});
