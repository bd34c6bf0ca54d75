import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { useFolder } from '../../support/agents.ts';
import { strandsAgent } from '../../support/agentPrograms.ts';
import { usePythonAgent } from '../../support/python.ts';
import {
  runToolLoop,
  toolLoopOf,
  useConversation,
  useSdkProgram,
} from '../../support/toolLoops.ts';

vi.setConfig({ testTimeout: 60_000 });

test('A Strands agent in Python runs a tool loop on its default model.', async () => {
  const conversation = await useConversation(await usePythonAgent(strandsAgent));
  expect(await runToolLoop(conversation)).toMatchObject(toolLoopOf('ConverseStream'));
});

test('A Strands agent in Python returns structured output.', async () => {
  const agent = await usePythonAgent(`
from bedrock_agentcore import BedrockAgentCoreApp
from pydantic import BaseModel, Field
from strands import Agent

class Booking(BaseModel):
    """A booking of a room."""
    guest: str = Field(description="Name of the guest")
    nights: int = Field(ge=1)

app = BedrockAgentCoreApp()

@app.entrypoint
async def invoke(payload):
    agent = Agent(callback_handler=None)
    result = await agent.invoke_async(payload["prompt"], structured_output_model=Booking)
    yield result.structured_output.guest
    yield str(result.structured_output.nights)

app.run()
`);
  const { ask } = await useConversation(agent);
  expect(await ask('Book 3 nights for Ada.')).toEqual(['Ada', '3']);
});

test('A Strands agent in TypeScript runs a tool loop on its default model.', async () => {
  const agent = await useSdkProgram(`
    import { Agent, tool } from '@strands-agents/sdk';
    import { BedrockAgentCoreApp } from 'bedrock-agentcore/runtime';
    import { z } from 'zod';

    const multiply = tool({
      name: 'multiply',
      description: 'Multiplies two numbers.',
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      callback: ({ a, b }) => a * b,
    });
    const agent = new Agent({ tools: [multiply], systemPrompt: 'You calculate.', printer: false });

    async function* reply({ prompt }) {
      for await (const event of agent.stream(prompt)) {
        if (event.type === 'modelStreamUpdateEvent') {
          const { event: update } = event;
          if (update.type === 'modelContentBlockDeltaEvent' && update.delta.type === 'textDelta') {
            yield { data: update.delta.text };
          }
        }
      }
    }

    new BedrockAgentCoreApp({ invocationHandler: { process: reply } }).run();
  `);
  const conversation = await useConversation(agent);
  expect(await runToolLoop(conversation)).toMatchObject(toolLoopOf('ConverseStream'));
});

test('A cassette of a Strands agent is replayed in another session of another emulator.', async () => {
  const file = join(await useFolder(), 'cassette.jsonl');
  const agent = await usePythonAgent(strandsAgent);
  const recorder = await useConversation(agent, { model: `record:${file}=offline` });
  const recorded = await runToolLoop(recorder);
  const player = await useConversation(agent, { model: `cassette:${file}`, name: 'replay' });
  const replayed = await runToolLoop(player);
  expect(replayed).toMatchObject({ product: recorded.product, name: recorded.name });
  expect(replayed.calls).toMatchObject(
    recorded.calls.map(({ model, tools, promptTokens, outputTokens }) => ({
      model,
      tools,
      promptTokens,
      outputTokens,
      backend: `cassette:${file}`,
      status: 200,
    })),
  );
});
