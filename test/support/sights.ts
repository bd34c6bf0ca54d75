import type { Page } from 'playwright-core';
import type { ChatAgent } from '../../src/shared/chat/agent.ts';
import type { Part } from '../../src/shared/chat/answer.ts';
import type { HostMessage } from '../../src/shared/chat/hostMessage.ts';
import type { ChatState } from '../../src/shared/chat/state.ts';
import { ARN, ended, failure, rightToLeft, turnOf, working } from './sampleTurns.ts';
import { startingState } from './chatState.ts';

/** A page, or a frame of one, in which something can be found. */
type Finding = Pick<Page, 'getByRole' | 'getByText' | 'getByLabel' | 'locator'>;

/** What the chat can look like: all that can be seen of it is in one of these. */
export interface Sight {
  readonly name: string;
  readonly messages: readonly HostMessage[];
  /** What its reader does to see it. */
  readonly reach?: (chat: Finding) => Promise<void>;
}

const MINUTE = 60_000;
const agent: ChatAgent = { id: 'a', name: 'Assistant', protocol: 'HTTP', deployment: null };
const toolAgent: ChatAgent = { ...agent, id: 'm', name: 'Calculator', protocol: 'MCP' };
const deployed: ChatAgent = {
  id: ARN,
  name: 'Customer_Support_Assistant_Of_The_Second_Line',
  protocol: 'HTTP',
  deployment: {
    region: 'eu-central-1',
    account: '123456789012',
    qualifier: 'production',
    authorization: 'signature',
  },
};

/** The chat with this in its state. */
function told(state: Partial<ChatState>): HostMessage {
  return {
    type: 'state',
    state: {
      ...startingState,
      connection: { state: 'ready' },
      agents: [agent],
      agent: agent.id,
      hasEditor: true,
      aws: {
        account: { state: 'unasked' },
        runtimes: { state: 'unasked' },
        details: { state: 'unasked' },
      },
      session: {
        state: 'idle',
        endsAt: new Date(Date.now() + 14.5 * MINUTE).toISOString(),
        limit: 'idle-timeout',
      },
      ...state,
    },
  };
}

const press = (name: string | RegExp) => async (chat: Finding) =>
  chat.getByRole('button', { name }).first().click();

const conversation = (id: string, title: string, age: number) => ({
  id,
  title,
  agent: 'a',
  agentName: 'Assistant',
  createdAt: 0,
  updatedAt: Date.now() - age * MINUTE,
});

const raw = { at: 1_763_700_000_165, name: 'message', data: '{"type":"thinking"}', bytes: 19 };

export const sights: readonly Sight[] = [
  { name: 'empty', messages: [told({ session: { state: 'none' } })] },
  {
    name: 'starting',
    messages: [told({ connection: { state: 'starting' }, session: { state: 'none' } })],
  },
  {
    name: 'gone',
    messages: [
      told({
        connection: { state: 'gone', why: 'Port 9310 is taken by node (pid 7).\nIts last line' },
        turns: ended.slice(0, 1),
      }),
    ],
  },
  {
    name: 'answers',
    messages: [told({ turns: ended })],
    reach: async (chat) => {
      for (const summary of await chat.locator('.answer summary').all()) await summary.click();
      await chat.getByRole('button', { name: 'Raw events' }).first().click();
    },
  },
  {
    name: 'raw events',
    messages: [
      told({ turns: ended.slice(0, 1) }),
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
    reach: press('Raw events'),
  },
  {
    name: 'running',
    messages: [
      told({
        session: { state: 'active' },
        turns: [
          turnOf(
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
    reach: async (chat) => chat.getByText('Thought').click(),
  },
  {
    name: 'waiting',
    messages: [
      told({
        session: {
          state: 'starting',
          start: {
            readyBy: new Date(Date.now() + 37_000).toISOString(),
            warning:
              '5 s after its start the agent is not reached on port 8080 yet. It listens on port 3000 instead.',
            printed: 'reading the index\nit listens on 3000',
          },
        },
        agents: [agent, deployed],
        agent: deployed.id,
        turns: [
          turnOf('1', 'Divide', [], { outcome: null, firstAt: null, endedAt: null, usage: null }),
        ],
      }),
    ],
  },
  {
    name: 'ended session',
    messages: [
      told({
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
      told({
        turns: ended.slice(0, 1),
        session: {
          state: 'active',
          brokenCode: { file: 'main.mjs', why: `It ended. Its last output:\n${failure.message}` },
        },
      }),
    ],
    reach: async (chat) => chat.locator('.aside summary').click(),
  },
  {
    name: 'log',
    messages: [
      told({ turns: ended.slice(0, 1) }),
      {
        type: 'machines',
        sessionId: startingState.sessionId,
        machines: [
          {
            run: 1,
            startedAt: '2026-01-01T12:00:00.000Z',
            reason: 'crashed',
            log: [
              { time: '2026-01-01T12:00:00.000Z', stream: 'build', text: 'it runs on python3' },
              { time: '2026-01-01T12:00:01.000Z', stream: 'stderr', text: failure.message },
            ],
            timeline: [],
          },
        ],
      },
    ],
    reach: async (chat) => {
      await press(/^Session/)(chat);
      await press('Log')(chat);
    },
  },
  { name: 'session', messages: [told({ turns: ended.slice(0, 1) })], reach: press(/^Session/) },
  {
    name: 'conversations',
    messages: [
      told({
        turns: ended.slice(0, 1),
        conversations: [
          conversation('c1', 'Divide 84 by 7, and look up what 1 / 0 is, in the knowledge base', 2),
          conversation('c2', 'How is it deployed?', 200),
          conversation('c3', 'כיצד פורסים את הסוכן?', 20_000),
        ],
        removed: conversation('c4', 'Something of no use', 3),
      }),
      { type: 'showConversations' },
    ],
  },
  {
    name: 'agents in AWS',
    messages: [
      told({
        agents: [agent, deployed],
        aws: {
          account: {
            state: 'told',
            value: {
              profiles: ['default', 'staging'],
              profile: 'staging',
              region: 'eu-central-1',
              endpoint: 'http://127.0.0.1:9310',
            },
          },
          runtimes: {
            state: 'told',
            value: [
              { arn: ARN, name: deployed.name, version: '12', status: 'READY' },
              { arn: `${ARN}2`, name: 'Assistant', version: '1', status: 'CREATE_FAILED' },
            ],
          },
          details: {
            state: 'told',
            value: {
              protocol: 'HTTP',
              authorization: 'signature',
              endpoints: [
                { name: 'DEFAULT', version: '12' },
                { name: 'production', version: '11' },
              ],
            },
          },
        },
      }),
    ],
    reach: async (chat) => {
      await press('Agents in AWS')(chat);
      await chat.getByLabel('Runtime ARN').fill(ARN);
    },
  },
  {
    name: 'payload template',
    messages: [told({ turns: ended.slice(0, 1) })],
    reach: async (chat) => {
      await press('Payload template')(chat);
      await chat.getByLabel('To cancel').fill('{"cancel": tru');
    },
  },
  {
    name: 'commands',
    messages: [told({})],
    reach: async (chat) => chat.getByRole('textbox', { name: 'Message' }).fill('/'),
  },
  {
    name: 'editing',
    messages: [told({ turns: ended.slice(0, 1) })],
    reach: press('Edit and resend'),
  },
  {
    name: 'attachments',
    messages: [
      told({
        attachments: [
          {
            type: 'file',
            id: '1',
            name: 'a report of the second quarter, with all its figures.pdf',
            mediaType: 'application/pdf',
            size: 123_456,
            thumbnail: null,
          },
          {
            type: 'selection',
            id: '2',
            name: 'app/Assistant/main.ts',
            language: 'typescript',
            firstLine: 3,
            lastLine: 17,
            text: 'x',
          },
        ],
      }),
    ],
    reach: async (chat) => {
      await press('Payload as JSON')(chat);
      await chat.getByRole('textbox', { name: 'Message' }).fill('{"prompt": nul');
    },
  },
  {
    name: 'tools',
    messages: [
      told({
        agents: [agent, toolAgent],
        agent: 'm',
        toolbox: {
          agent: 'm',
          sessionId: startingState.sessionId,
          tools: {
            state: 'told',
            value: [
              {
                name: 'divide',
                description: 'Divides one number by another.',
                inputSchema: {
                  properties: {
                    dividend: { type: 'number' },
                    divisor: { type: 'integer', description: 'By what' },
                    rounding: { enum: ['up', 'down'] },
                    exactly: { type: 'boolean', description: 'Without any rounding' },
                    options: { type: 'object' },
                  },
                  required: ['dividend', 'divisor'],
                },
              },
            ],
          },
        },
      }),
    ],
    reach: press('Call divide'),
  },
  {
    name: 'token',
    messages: [
      told({
        agents: [deployed],
        agent: ARN,
        tokensWanted: [{ agent: ARN, why: 'AccessDeniedException: Authorization method mismatch' }],
        turns: [
          turnOf('1', 'Hello', [], { outcome: null, firstAt: null, endedAt: null, usage: null }),
        ],
      }),
    ],
  },
  { name: 'right to left', messages: [told({ turns: [rightToLeft] })] },
];
