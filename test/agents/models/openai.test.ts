import { expect, test, vi } from 'vitest';
import { usePythonAgent } from '../../support/python.ts';
import {
  runToolLoop,
  toolLoopOf,
  useConversation,
  useSdkProgram,
} from '../../support/toolLoops.ts';

vi.setConfig({ testTimeout: 60_000 });

test('An agent on the Python SDK of OpenAI streams a tool loop of chat completions.', async () => {
  const agent = await usePythonAgent(`
import json
from bedrock_agentcore import BedrockAgentCoreApp
from openai import AsyncOpenAI, pydantic_function_tool
from pydantic import BaseModel

class multiply(BaseModel):
    """Multiplies two numbers."""
    a: int
    b: int

client = AsyncOpenAI()
messages = [{"role": "developer", "content": "You calculate."}]
app = BedrockAgentCoreApp()

@app.entrypoint
async def invoke(payload):
    messages.append({"role": "user", "content": payload["prompt"]})
    while messages[-1]["role"] != "assistant":
        async with client.chat.completions.stream(
            model="gpt-5.4", messages=messages, tools=[pydantic_function_tool(multiply)],
        ) as stream:
            async for event in stream:
                if event.type == "content.delta":
                    yield event.delta
            message = (await stream.get_final_completion()).choices[0].message
        messages.append(message.to_dict())
        for call in message.tool_calls or []:
            factors = call.function.parsed_arguments
            result = {"role": "tool", "tool_call_id": call.id, "content": str(factors.a * factors.b)}
            messages.append(result)

app.run()
`);
  const conversation = await useConversation(agent);
  expect(await runToolLoop(conversation)).toMatchObject(toolLoopOf('openai chat completions'));
});

test('An agent on the Agents SDK of OpenAI in Python streams a tool loop.', async () => {
  const agent = await usePythonAgent(`
from agents import Agent, Runner, SQLiteSession, function_tool
from bedrock_agentcore import BedrockAgentCoreApp

@function_tool
def multiply(a: int, b: int) -> int:
    """Multiplies two numbers."""
    return a * b

agent = Agent(name="Calculator", instructions="You calculate.", tools=[multiply])
session = SQLiteSession("one")
app = BedrockAgentCoreApp()

@app.entrypoint
async def invoke(payload):
    result = Runner.run_streamed(agent, payload["prompt"], session=session)
    async for event in result.stream_events():
        if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
            yield event.data.delta

app.run()
`);
  const conversation = await useConversation(agent);
  expect(await runToolLoop(conversation)).toMatchObject(toolLoopOf('openai responses'));
});

test('An agent on the Agents SDK of OpenAI in TypeScript streams a tool loop.', async () => {
  const agent = await useSdkProgram(`
    import { Agent, MemorySession, run, tool } from '@openai/agents';
    import { BedrockAgentCoreApp } from 'bedrock-agentcore/runtime';
    import { z } from 'zod';

    const multiply = tool({
      name: 'multiply',
      description: 'Multiplies two numbers.',
      parameters: z.object({ a: z.number(), b: z.number() }),
      execute: ({ a, b }) => a * b,
    });
    const agent = new Agent({ name: 'Calculator', instructions: 'You calculate.', tools: [multiply] });
    const session = new MemorySession();

    async function* reply({ prompt }) {
      const result = await run(agent, prompt, { stream: true, session });
      for await (const data of result.toTextStream()) yield { data };
    }

    new BedrockAgentCoreApp({ invocationHandler: { process: reply } }).run();
  `);
  const conversation = await useConversation(agent);
  expect(await runToolLoop(conversation)).toMatchObject(toolLoopOf('openai responses'));
});

test('Agents of the Agents SDK of OpenAI hand over, and return structured output.', async () => {
  const agent = await usePythonAgent(`
from agents import Agent, Runner
from bedrock_agentcore import BedrockAgentCoreApp
from pydantic import BaseModel

class Booking(BaseModel):
    guest: str
    nights: int

booker = Agent(name="Booker", instructions="You book rooms.", output_type=Booking)
triage = Agent(name="Triage", instructions="You hand over.", handoffs=[booker])
app = BedrockAgentCoreApp()

@app.entrypoint
async def invoke(payload):
    result = await Runner.run(triage, payload["prompt"])
    yield result.last_agent.name
    yield result.final_output.guest
    yield str(result.final_output.nights)

app.run()
`);
  const { ask } = await useConversation(agent);
  const prompt = 'Transfer to the booker: book 3 nights for Ada.';
  expect(await ask(prompt)).toEqual(['Booker', 'Ada', '3']);
});
