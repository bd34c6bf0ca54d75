import { BedrockAgentCoreApp } from 'bedrock-agentcore/runtime';
import { z } from 'zod';
import { reply } from './assistant.ts';

const app = new BedrockAgentCoreApp({
  invocationHandler: {
    requestSchema: z.object({ prompt: z.string(), stream: z.boolean().default(true) }),
    // Streams the answer, or returns it whole if the payload has "stream": false.
    process: ({ prompt, stream }) => (stream ? streamed(prompt) : whole(prompt)),
  },
  config: { logging: { options: { level: 'warn' } } },
});

async function* streamed(prompt: string) {
  for await (const word of reply(prompt)) yield { data: word };
}

async function whole(prompt: string) {
  let result = '';
  for await (const word of reply(prompt)) result += word;
  return { result };
}

// AgentCore calls the agent on port 8080.
app.run();
