import { ARN, ended, failure, createTurn } from './sampleTurns.ts';
import { startingState } from './chatState.ts';
import { exampleAgent } from './registry.ts';

import { agent, deployed, MINUTE, press, stateMessage, type ChatExample } from './chatExample.ts';

const toolAgent = exampleAgent('Calculator', { protocol: 'MCP' });

const conversation = (id: string, title: string, age: number) => ({
  id,
  title,
  agentName: 'Assistant',
  createdAt: 0,
  updatedAt: Date.now() - age * MINUTE,
});

/** States with an open panel, list or form. */
export const panelExamples: readonly ChatExample[] = [
  {
    name: 'log',
    messages: [
      stateMessage({ turns: ended.slice(0, 1) }),
      {
        type: 'machines',
        sessionId: startingState.sessionId,
        records: {
          clockOffsetSeconds: 930,
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
      },
    ],
    prepare: async (chat) => {
      await press(/^Session/)(chat);
      await press('Log')(chat);
    },
  },
  {
    name: 'session',
    messages: [
      stateMessage({ turns: ended.slice(0, 1) }),
      {
        type: 'models',
        sessionId: startingState.sessionId,
        models: { own: 'bedrock', inherited: 'offline', ollama: ['llama3.2:latest'] },
        problem: null,
      },
    ],
    prepare: press(/^Session/),
  },
  {
    name: 'session with pages',
    messages: [
      stateMessage({
        turns: ended.slice(0, 1),
        session: {
          state: 'active',
          servers: {
            url: 'http://127.0.0.1:9310/~0123456789abcdef0123456789abcdef',
            pages: {
              token: '0123456789abcdef0123456789abcdef',
              ports: [
                { from: 8000, to: 8010 },
                { from: 9000, to: 9000 },
              ],
            },
          },
        },
      }),
    ],
    prepare: press(/^Session/),
  },
  {
    name: 'session with signed requests',
    messages: [
      stateMessage({
        turns: ended.slice(0, 1),
        session: {
          state: 'active',
          servers: { url: 'https://abc.bedrock-agentcore.us-east-1.amazonaws.com', pages: null },
        },
      }),
    ],
    prepare: press(/^Session/),
  },
  {
    name: 'model backend',
    messages: [
      stateMessage({ turns: ended.slice(0, 1) }),
      {
        type: 'models',
        sessionId: startingState.sessionId,
        models: { own: null, inherited: 'offline', ollama: [] },
        problem: null,
      },
    ],
    prepare: async (chat) => {
      await press(/^Session/)(chat);
      await chat.getByLabel('Model backend').selectOption('OpenAI-compatible server…');
      await chat.getByLabel('OpenAI-compatible server', { exact: true }).fill('openai:example.com');
    },
  },
  {
    name: 'conversations',
    messages: [
      stateMessage({
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
      stateMessage({
        agents: [agent, deployed],
        aws: {
          account: {
            state: 'loaded',
            value: {
              profiles: ['default', 'staging'],
              profile: 'staging',
              region: 'eu-central-1',
              endpoint: 'http://127.0.0.1:9310',
            },
          },
          runtimes: {
            state: 'loaded',
            value: [
              { arn: ARN, name: deployed.name, version: '12', status: 'READY' },
              { arn: `${ARN}2`, name: 'Assistant', version: '1', status: 'CREATE_FAILED' },
            ],
          },
          details: {
            state: 'loaded',
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
    prepare: async (chat) => {
      await press('Agents in AWS')(chat);
      await chat.getByLabel('Runtime ARN').fill(ARN);
    },
  },
  {
    name: 'payload template',
    messages: [stateMessage({ turns: ended.slice(0, 1) })],
    prepare: async (chat) => {
      await press('Payload template')(chat);
      await chat.getByLabel('Cancel payload').fill('{"cancel": tru');
    },
  },
  {
    name: 'commands',
    messages: [stateMessage({})],
    prepare: async (chat) => chat.getByRole('textbox', { name: 'Message' }).fill('/'),
  },
  {
    name: 'editing',
    messages: [stateMessage({ turns: ended.slice(0, 1) })],
    prepare: press('Edit and resend'),
  },
  {
    name: 'attachments',
    messages: [
      stateMessage({
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
    prepare: async (chat) => {
      await press('Payload as JSON')(chat);
      await chat.getByRole('textbox', { name: 'Message' }).fill('{"prompt": nul');
    },
  },
  {
    name: 'tools',
    messages: [
      stateMessage({
        agents: [agent, toolAgent],
        agent: toolAgent.id,
        toolList: {
          agent: toolAgent.id,
          sessionId: startingState.sessionId,
          tools: {
            state: 'loaded',
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
    prepare: press('Call divide'),
  },
  {
    name: 'token',
    messages: [
      stateMessage({
        agents: [deployed],
        agent: deployed.id,
        tokenRequests: [
          { agent: deployed.id, why: 'AccessDeniedException: Authorization method mismatch' },
        ],
        turns: [
          createTurn('1', 'Hello', [], {
            outcome: null,
            firstAt: null,
            endedAt: null,
            usage: null,
          }),
        ],
      }),
    ],
  },
];
