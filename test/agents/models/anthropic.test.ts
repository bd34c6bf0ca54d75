import { expect, test, vi } from 'vitest';
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
  const agent = await useSdkProgram(`
    import Anthropic from '@anthropic-ai/sdk';
    import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod';
    import { BedrockAgentCoreApp } from 'bedrock-agentcore/runtime';
    import { z } from 'zod';

    const client = new Anthropic();
    const multiply = betaZodTool({
      name: 'multiply',
      description: 'Multiplies two numbers.',
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      run: ({ a, b }) => String(a * b),
    });
    let messages = [];

    async function* reply({ prompt }) {
      messages.push({ role: 'user', content: prompt });
      const runner = client.beta.messages.toolRunner({
        model: 'claude-sonnet-5',
        max_tokens: 1000,
        system: 'You calculate.',
        tools: [multiply],
        messages,
        stream: true,
      });
      for await (const stream of runner) {
        for await (const event of stream) {
          if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
            yield { data: event.delta.text };
          }
        }
      }
      messages = [...runner.params.messages];
    }

    new BedrockAgentCoreApp({ invocationHandler: { process: reply } }).run();
  `);
  const conversation = await useConversation(agent);
  expect(await runToolLoop(conversation)).toMatchObject(toolLoopOf('anthropic messages'));
});
