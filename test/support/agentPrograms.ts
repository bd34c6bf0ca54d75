// Programs of agents that call models, as users write them: without endpoints and keys.

/** A Strands agent in Python on its default model. */
export const strandsAgent = `
from bedrock_agentcore import BedrockAgentCoreApp
from strands import Agent, tool

app = BedrockAgentCoreApp()

@tool
def multiply(a: int, b: int) -> int:
    """Multiplies two numbers.

    Args:
        a: First factor
        b: Second factor
    """
    return a * b

agent = Agent(tools=[multiply], system_prompt="You calculate.", callback_handler=None)

@app.entrypoint
async def invoke(payload):
    async for event in agent.stream_async(payload["prompt"]):
        if "data" in event:
            yield event["data"]

app.run()
`;

/** An agent on the TypeScript SDK of Anthropic. */
export const anthropicAgent = `
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
`;
