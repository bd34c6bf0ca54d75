import { expect, test, vi } from 'vitest';
import {
  runToolLoop,
  toolLoopOf,
  useConversation,
  useSdkProgram,
} from '../../support/toolLoops.ts';

vi.setConfig({ testTimeout: 120_000 });

test('An agent on the Claude Agent SDK runs a tool loop in its CLI.', async () => {
  const agent = await useSdkProgram(`
    import { createSdkMcpServer, query, tool } from '@anthropic-ai/claude-agent-sdk';
    import { BedrockAgentCoreApp } from 'bedrock-agentcore/runtime';
    import { z } from 'zod';

    const multiply = tool(
      'multiply', 'Multiplies two numbers.', { a: z.number(), b: z.number() },
      async ({ a, b }) => ({ content: [{ type: 'text', text: String(a * b) }] }),
    );
    const calculator = createSdkMcpServer({ name: 'calculator', tools: [multiply] });
    let resume;

    async function* reply({ prompt }) {
      const options = {
        resume,
        tools: [],
        mcpServers: { calculator },
        allowedTools: ['mcp__calculator__multiply'],
        includePartialMessages: true,
      };
      for await (const message of query({ prompt, options })) {
        resume = message.session_id ?? resume;
        const { event } = message;
        if (event?.type === 'content_block_delta' && event.delta.type === 'text_delta') {
          yield { data: event.delta.text };
        }
      }
    }

    new BedrockAgentCoreApp({ invocationHandler: { process: reply } }).run();
  `);
  const conversation = await useConversation(agent);
  const loop = await runToolLoop(conversation);
  expect(loop).toMatchObject(toolLoopOf('anthropic messages', 'mcp__calculator__multiply'));
});
