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
import { words } from '../support/serverSentEvents.ts';
import type { Prompt } from './agents.ts';
import { sdkSettings } from '../support/sdk.ts';

/** Callers of one emulator, and what they saw of its agents. */
export interface Visitors {
  /** Visits an agent in as many new sessions, each in the next of the ways, a few at once. */
  visit(agent: AgentSummary, ways: readonly Way[], times: number): Promise<void>;
  /** The process ids that agents told. */
  readonly processes: ReadonlySet<number>;
  /** Closes the connections that are kept for a next call. */
  leave(): void;
}

/** One session, as its caller has it. */
interface Visit {
  json(prompt: Prompt): Promise<{ called: unknown }>;
  /** The body of a streamed answer, of which nothing is read yet. */
  stream(prompt: Prompt, abortSignal?: AbortSignal): Promise<Readable>;
  stop(): Promise<unknown>;
}

/** How a caller behaves in a session. */
export type Way = (visit: Visit) => Promise<unknown>;

/** How many sessions of an agent have callers at one time. */
export const AT_ONCE = 6;

const talk: Way = async ({ json, stream }) => {
  await json('answer');
  const [answer] = await Promise.all([stream('stream'), json('print'), json('breed')]);
  expect(words((await answer.toArray()).join(''))).toBe('word '.repeat(20));
};

const stop: Way = async (visit) => {
  await visit.json('breed');
  await visit.stop();
};

const stopInTheMiddle: Way = async (visit) => {
  const answer = await visit.stream('hang');
  await once(answer, 'data');
  const broken = once(answer, 'close').catch((error: unknown) => error);
  await visit.stop();
  await broken;
};

const breakOff: Way = async ({ stream }) => {
  const answer = await stream('stream');
  await once(answer, 'data');
  answer.destroy();
};

const breakOffForEver: Way = async ({ stream }) => {
  const answer = await stream('hang');
  await once(answer, 'data');
  answer.destroy();
};

const breakOffAtOnce: Way = async ({ stream }) => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 20);
  const answer = await stream('stream', abort.signal).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
  // It came before the caller went.
  answer?.destroy();
};

const crashAndComeAgain: Way = async (visit) => {
  await visit.json('breed');
  await expect(visit.json('crash')).rejects.toThrow(RuntimeClientError);
  // For a moment the session may not be known to have ended.
  await eventually(() => visit.json('answer'));
  await visit.stop();
};

const callBack: Way = async ({ json }) => {
  expect(await json('call')).toMatchObject({ called: 200 });
};

/** Every way to deal with an agent that works. */
export const ways = [
  talk,
  stop,
  stopInTheMiddle,
  breakOff,
  breakOffForEver,
  breakOffAtOnce,
  crashAndComeAgain,
  callBack,
];

/** The only way to deal with one that does not. */
export const inVain: Way = async ({ json }) => {
  await expect(json('answer')).rejects.toThrow(/nowhere-to-be-found/);
};

/** Callers who are led to an emulator by its endpoint alone. */
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
        // In a container they are numbers of its own.
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
    async visit(agent, by, times) {
      let next = 0;
      async function visitor(): Promise<void> {
        while (next < times) {
          const way = by[next % by.length]!;
          next += 1;
          await way(begin(agent));
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, visitor));
    },
    processes,
    leave: () => client.destroy(),
  };
}
