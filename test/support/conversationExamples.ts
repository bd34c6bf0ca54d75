import type { Part } from '../../src/shared/chat/answer.ts';
import {
  ended,
  exampleModelCalls,
  failure,
  longRuns,
  rightToLeft,
  createTurn,
  working,
} from './sampleTurns.ts';

import { agent, deployed, press, stateMessage, type ChatExample } from './chatExample.ts';

const raw = { at: 1_763_700_000_165, name: 'message', data: '{"type":"thinking"}', bytes: 19 };

/** States of the conversation, from the first view to an ended session. */
export const conversationExamples: readonly ChatExample[] = [
  { name: 'empty', messages: [stateMessage({ session: { state: 'none' } })] },
  {
    name: 'starting',
    messages: [stateMessage({ connection: { state: 'starting' }, session: { state: 'none' } })],
  },
  {
    name: 'gone',
    messages: [
      stateMessage({
        connection: { state: 'gone', why: 'Port 9310 is taken by node (pid 7).\nIts last line' },
        turns: ended.slice(0, 1),
      }),
    ],
  },
  {
    name: 'answers',
    messages: [stateMessage({ turns: ended })],
    prepare: async (chat) => {
      for (const summary of await chat.locator('.answer summary').all()) await summary.click();
      await chat.getByRole('button', { name: 'Raw events' }).first().click();
    },
  },
  {
    name: 'model calls',
    messages: [stateMessage({ turns: [{ ...ended[0]!, modelCalls: exampleModelCalls }] })],
    prepare: (chat) => chat.locator('.modelCalls summary').click(),
  },
  {
    name: 'long runs',
    messages: [stateMessage({ turns: [longRuns] })],
    prepare: async (chat) => {
      await chat.getByRole('button', { name: 'Show all (3 kB)' }).last().click();
    },
  },
  {
    name: 'raw events',
    messages: [
      stateMessage({ turns: ended.slice(0, 1) }),
      {
        type: 'raw',
        turn: '1',
        raw: {
          request: {
            headers: [
              ['content-type', 'application/json'],
              ['accept', 'application/json, text/event-stream'],
              [
                'x-amzn-bedrock-agentcore-runtime-session-id',
                '0f60c37e-e6a3-4a88-a6f1-221235539493',
              ],
            ],
            payload: '{"prompt": "How do I deploy it?"}',
            leftOut: 0,
            bytes: 33,
          },
          contentType: 'text/event-stream',
          first: [raw, raw],
          leftOut: 3,
          last: [raw],
          bytes: 57,
        },
      },
    ],
    prepare: press('Raw events'),
  },
  {
    name: 'running',
    messages: [
      stateMessage({
        session: { state: 'active' },
        turns: [
          createTurn(
            '1',
            'Divide',
            [...working, { ...working[2]!, id: '3', result: null, endedAt: null } as Part],
            {
              outcome: null,
              endedAt: null,
              usage: null,
            },
          ),
        ],
      }),
    ],
    prepare: async (chat) => chat.getByText('Thinking', { exact: true }).click(),
  },
  {
    name: 'waiting',
    messages: [
      stateMessage({
        session: {
          state: 'starting',
          start: {
            deadline: { at: new Date(Date.now() + 97_000).toISOString(), timeoutSeconds: 120 },
            warning:
              'The agent does not listen on port 8080 5 s after its start. It listens on port 3000 instead.',
            printed: 'reading the index\nit listens on 3000',
          },
        },
        agents: [agent, deployed],
        agent: deployed.id,
        turns: [
          createTurn('1', 'Divide', [], {
            outcome: null,
            firstAt: null,
            endedAt: null,
            usage: null,
          }),
        ],
      }),
    ],
  },
  {
    name: 'ended session',
    messages: [
      stateMessage({
        turns: ended.slice(0, 1),
        opening: { why: 'crashed' },
        session: { state: 'ended', reason: 'crashed', logTail: failure.message },
        problem: 'The session cannot be stopped: it has ended.',
      }),
    ],
  },
  {
    name: 'broken code',
    messages: [
      stateMessage({
        turns: ended.slice(0, 1),
        session: {
          state: 'active',
          brokenCode: { file: 'main.mjs', why: `It ended. Its last output:\n${failure.message}` },
        },
      }),
    ],
    prepare: async (chat) => chat.locator('.aside summary').click(),
  },
  { name: 'right to left', messages: [stateMessage({ turns: [rightToLeft] })] },
];
