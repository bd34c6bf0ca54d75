import { randomUUID } from 'node:crypto';
import { Role, type SendMessageRequest } from '@a2a-js/sdk';
import {
  ClientFactory,
  DefaultAgentCardResolver,
  JsonRpcTransportFactory,
  type Client,
} from '@a2a-js/sdk/client';
import type { AgentSummary } from '../../src/shared/emulator.ts';

const SESSION = 'x-amzn-bedrock-agentcore-runtime-session-id';

/**
 * Source of an A2A server on the official TypeScript SDK. The code in `execute` can use `text` (the user's
 * message), `say(value)` (publishes a message) and `calls` (number of calls on this machine).
 */
export const a2aServer = (execute: string): string => `
  import { randomUUID } from 'node:crypto';
  import express from 'express';
  import { Role } from '@a2a-js/sdk';
  import { AgentEvent, DefaultRequestHandler } from '@a2a-js/sdk/server';
  import { InMemoryTaskStore } from '@a2a-js/sdk/server';
  import { agentCardHandler, jsonRpcHandler, UserBuilder } from '@a2a-js/sdk/server/express';
  const card = {
    name: 'Test', description: 'A test', version: '1', provider: undefined,
    capabilities: { streaming: true, extensions: [] },
    supportedInterfaces: [{
      url: process.env.AGENTCORE_RUNTIME_URL, protocolBinding: 'JSONRPC', protocolVersion: '1.0', tenant: '',
    }],
    securitySchemes: {}, securityRequirements: [], signatures: [], skills: [],
    defaultInputModes: ['text'], defaultOutputModes: ['text'],
  };
  let calls = 0;
  const executor = {
    async execute({ userMessage, contextId, taskId }, bus) {
      calls += 1;
      const text = userMessage.parts[0].content.value;
      const parts = (value) => [{
        content: { $case: 'text', value: JSON.stringify(value) }, filename: '', mediaType: '',
      }];
      const say = (value) => bus.publish(AgentEvent.message({
        messageId: randomUUID(), contextId, taskId: '', role: Role.ROLE_AGENT, parts: parts(value),
        metadata: undefined, extensions: [], referenceTaskIds: [],
      }));
      ${execute}
      bus.finished();
    },
    async cancelTask() {},
  };
  const requestHandler = new DefaultRequestHandler(card, new InMemoryTaskStore(), executor);
  const app = express();
  app.get('/ping', (_, response) => response.json({ status: 'Healthy' }));
  app.use('/.well-known/agent-card.json', agentCardHandler({ agentCardProvider: requestHandler }));
  app.use(jsonRpcHandler({ requestHandler, userBuilder: UserBuilder.noAuthentication }));
  app.listen(9000, '0.0.0.0');
`;

/** Returns the URL of an agent for A2A clients, built as in AWS's guide. */
export function a2aUrl({ url }: { url: string }, { arn }: Pick<AgentSummary, 'arn'>): string {
  return `${url}/runtimes/${encodeURIComponent(arn)}/invocations/`;
}

/** Connects the unmodified official client, which calls one session, or a new one each time when `session` is null. */
export async function connectA2a(address: string, session: string | null): Promise<Client> {
  const withSession: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    if (session !== null) headers.set(SESSION, session);
    return fetch(input, { ...init, headers });
  };
  const factory = new ClientFactory({
    transports: [new JsonRpcTransportFactory({ fetchImpl: withSession })],
    cardResolver: new DefaultAgentCardResolver({ fetchImpl: withSession }),
  });
  return factory.createFromUrl(address);
}

/** Creates a user's message. */
export function userMessage(text: string): SendMessageRequest {
  const message: NonNullable<SendMessageRequest['message']> = {
    messageId: randomUUID(),
    contextId: '',
    taskId: '',
    role: Role.ROLE_USER,
    parts: [
      { content: { $case: 'text', value: text }, metadata: undefined, filename: '', mediaType: '' },
    ],
    metadata: undefined,
    extensions: [],
    referenceTaskIds: [],
  };
  return { tenant: '', message, configuration: undefined, metadata: undefined };
}
