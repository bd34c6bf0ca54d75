import {
  BedrockAgentCoreClient,
  InvokeAgentRuntimeCommand,
  RuntimeClientError,
  StopRuntimeSessionCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { expect } from 'vitest';
import type { AgentSummary } from '../../src/shared/emulator.ts';
import { eventually } from '../support/eventually.ts';
import { readWords } from '../support/serverSentEvents.ts';
import type { Prompt } from './agents.ts';
import { sdkSettings } from '../support/sdk.ts';

/** Callers of one emulator. */
export interface Visitors {
  /** Visits an agent in `times` new sessions, a few at once, cycling through the behaviors. */
  visit(agent: AgentSummary, behaviors: readonly Behavior[], times: number): Promise<void>;
  /** The process IDs that agents reported. */
  readonly processes: ReadonlySet<number>;
  /** Closes the pooled connections. */
  leave(): void;
}

/** One session from its caller's side. */
interface Visit {
  json(prompt: Prompt): Promise<{ called: unknown }>;
  /** Returns the unread body of a streamed answer. */
  stream(prompt: Prompt, abortSignal?: AbortSignal): Promise<Readable>;
  stop(): Promise<unknown>;
}

/** A caller's behavior in a session. */
export type Behavior = (visit: Visit) => Promise<unknown>;

/** Number of concurrent sessions of an agent. */
export const CONCURRENT_VISITS = 6;

const talk: Behavior = async ({ json, stream }) => {
  await json('answer');
  const [answer] = await Promise.all([stream('stream'), json('print'), json('breed')]);
  expect(readWords((await answer.toArray()).join(''))).toBe('word '.repeat(20));
};

const stop: Behavior = async (visit) => {
  await visit.json('breed');
  await visit.stop();
};

const stopWhileStreaming: Behavior = async (visit) => {
  const answer = await visit.stream('hang');
  await once(answer, 'data');
  const broken = once(answer, 'close').catch((error: unknown) => error);
  await visit.stop();
  await broken;
};

const disconnect: Behavior = async ({ stream }) => {
  const answer = await stream('stream');
  await once(answer, 'data');
  answer.destroy();
};

const disconnectFromEndless: Behavior = async ({ stream }) => {
  const answer = await stream('hang');
  await once(answer, 'data');
  answer.destroy();
};

const disconnectAtOnce: Behavior = async ({ stream }) => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 20);
  const answer = await stream('stream', abort.signal).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
  // The answer came before the abort.
  answer?.destroy();
};

const crashAndRetry: Behavior = async (visit) => {
  await visit.json('breed');
  await expect(visit.json('crash')).rejects.toThrow(RuntimeClientError);
  // The session's end may be noticed a moment later.
  await eventually(() => visit.json('answer'));
  await visit.stop();
};

const callBack: Behavior = async ({ json }) => {
  expect(await json('call')).toMatchObject({ called: 200 });
};

/** All behaviors with a working agent. */
export const behaviors = [
  talk,
  stop,
  stopWhileStreaming,
  disconnect,
  disconnectFromEndless,
  disconnectAtOnce,
  crashAndRetry,
  callBack,
];

/** The only behavior with an agent that does not start. */
export const failToStart: Behavior = async ({ json }) => {
  await expect(json('answer')).rejects.toThrow(/nowhere-to-be-found/);
};

/** Creates callers that use only the emulator's endpoint. */
export function createVisitors(url: string): Visitors {
  const client = new BedrockAgentCoreClient(sdkSettings(url));
  const processes = new Set<number>();

  function begin(agent: AgentSummary): Visit {
    const runtime = {
      agentRuntimeArn: agent.arn,
      runtimeSessionId: randomUUID(),
    };
    const send = (prompt: Prompt, abortSignal?: AbortSignal) =>
      client.send(
        new InvokeAgentRuntimeCommand({
          ...runtime,
          contentType: 'application/json',
          payload: JSON.stringify({ prompt }),
        }),
        { ...(abortSignal && { abortSignal }) },
      );
    return {
      async json(prompt) {
        const { response } = await send(prompt);
        const answer = JSON.parse(await response!.transformToString()) as {
          called: unknown;
          processes: number[];
        };
        // A container has its own process IDs.
        if (agent.name === 'Process') for (const pid of answer.processes) processes.add(pid);
        return answer;
      },
      async stream(prompt, abortSignal) {
        const { response } = await send(prompt, abortSignal);
        return response as unknown as Readable;
      },
      stop: () => client.send(new StopRuntimeSessionCommand(runtime)),
    };
  }

  return {
    async visit(agent, behaviors, times) {
      let next = 0;
      async function visitor(): Promise<void> {
        while (next < times) {
          const behavior = behaviors[next % behaviors.length]!;
          next += 1;
          await behavior(begin(agent));
        }
      }
      await Promise.all(Array.from({ length: CONCURRENT_VISITS }, visitor));
    },
    processes,
    leave: () => client.destroy(),
  };
}
