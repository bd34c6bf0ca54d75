import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore';
import { expect } from 'vitest';
import type { EmulatorOptions, ProjectAgentSource } from '../../emulator/index.ts';
import type { ModelCallSummary } from '../../src/shared/session.ts';
import { useAgent } from './agents.ts';
import { sessionId, useEmulator } from './emulator.ts';
import { eventually } from './eventually.ts';
import { usePart } from './parts.ts';

/** Creates a Node.js agent that can import the agent SDKs. */
export async function useSdkProgram(program: string): Promise<ProjectAgentSource> {
  const agent = await useAgent(program);
  await symlink(usePart('agentSdks'), join(agent.root, 'node_modules'), 'junction');
  return agent;
}

/** A call of a model in a session's timeline. */
interface RecordedCall extends ModelCallSummary {
  readonly operation: string;
  readonly status: number;
  /** The tokens of the prompt, cached or not. */
  readonly promptTokens: number;
}

/** A conversation with an agent that runs in an emulator. */
interface Conversation {
  /** Invokes the agent in the conversation's session, and returns what it streamed. */
  ask(prompt: string): Promise<string[]>;
  modelCalls(): Promise<RecordedCall[]>;
}

/** Starts an emulator with the agent. */
export async function useConversation(
  agent: ProjectAgentSource,
  { name = 'loop', ...options }: Omit<EmulatorOptions, 'agents'> & { readonly name?: string } = {},
): Promise<Conversation> {
  const emulator = await useEmulator({ agents: [agent], ...options });
  const client = emulator.client();
  return {
    async ask(prompt) {
      const { response } = await client.send(
        new InvokeAgentRuntimeCommand({
          agentRuntimeArn: emulator.agent.arn,
          runtimeSessionId: sessionId(name),
          contentType: 'application/json',
          accept: 'application/json, text/event-stream',
          payload: JSON.stringify({ prompt }),
        }),
      );
      const events = await response!.transformToString();
      return [...events.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data!) as string);
    },
    async modelCalls() {
      const entries = await emulator.timeline(sessionId(name));
      return entries.flatMap((entry) => {
        if (entry.type !== 'call' || !entry.model) return [];
        const { operation, status, model } = entry;
        const promptTokens = model.inputTokens + model.cacheReadTokens + model.cacheWriteTokens;
        return [{ ...model, operation, status, promptTokens }];
      });
    },
  };
}

/** The replies of an agent with a tool for multiplication, and its calls of the model. */
interface ToolLoop {
  readonly product: string;
  readonly isStreamed: boolean;
  readonly name: string;
  readonly calls: readonly RecordedCall[];
}

/** Asks an agent for a product, which its tool computes, and then for what it read before. */
export async function runToolLoop({ ask, modelCalls }: Conversation): Promise<ToolLoop> {
  const product = await ask('My name is Ada. What is 12 times 7?');
  const name = await ask('What is my name?');
  // The timeline gets a call at the end of its response, which the agent may see before.
  await eventually(async () => expect((await modelCalls()).length).toBeGreaterThan(2));
  return {
    product: product.join(''),
    isStreamed: product.length > 2,
    name: name.join(''),
    calls: await modelCalls(),
  };
}

const POSITIVE: unknown = expect.toSatisfy((value) => value > 0);

/** Matches a tool loop whose agent calls the tool once, with calls of the model by this operation. */
export function toolLoopOf(operation: string, tool = 'multiply'): object {
  const call = {
    operation,
    status: 200,
    backend: 'offline',
    promptTokens: POSITIVE,
    outputTokens: POSITIVE,
    timeToFirstToken: POSITIVE,
    cost: null,
    error: null,
  };
  const reply = { ...call, stopReason: 'endTurn', tools: [] };
  return {
    product: expect.stringContaining('84') as unknown,
    isStreamed: true,
    name: expect.stringContaining('Ada') as unknown,
    calls: [{ ...call, stopReason: 'toolUse', tools: [tool] }, reply, reply],
  };
}
