import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { anthropicAgent, strandsAgent } from '../../../support/agentPrograms.ts';
import { useContainerAgent } from '../../../support/containers.ts';
import { runToolLoop, toolLoopOf, useConversation } from '../../../support/toolLoops.ts';

vi.setConfig({ testTimeout: 180_000 });

const requirements = readFileSync(new URL('../../../requirements.txt', import.meta.url), 'utf8');
const [runtime, strands] = ['bedrock-agentcore', 'strands-agents'].map(
  (name) => new RegExp(`^${name}==.*$`, 'm').exec(requirements)![0],
);

test.for([
  {
    name: 'A Strands agent in Python',
    operation: 'ConverseStream',
    files: {
      'main.py': strandsAgent,
      Dockerfile: `FROM python:3.11-slim
RUN pip install --no-cache-dir ${runtime} ${strands}
COPY main.py /app/main.py
CMD ["python", "/app/main.py"]
`,
    },
  },
  {
    name: 'An agent on the TypeScript SDK of Anthropic',
    operation: 'anthropic messages',
    files: {
      'main.mjs': anthropicAgent,
      Dockerfile: `FROM node:24-slim
WORKDIR /app
RUN npm install --no-audit --no-fund @anthropic-ai/sdk@1.14.0 bedrock-agentcore@0.4.4 zod@4.6.7
COPY main.mjs .
CMD ["node", "main.mjs"]
`,
    },
  },
])('$name in a container runs a tool loop.', async ({ files, operation }) => {
  const { source } = await useContainerAgent(files);
  const conversation = await useConversation(source);
  expect(await runToolLoop(conversation)).toMatchObject(toolLoopOf(operation));
});
