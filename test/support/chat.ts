import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { PLACEHOLDER_CREDENTIALS } from '../../src/aws/credentials.ts';
import { createTargetClient } from '../../src/aws/targetClient.ts';
import type { ProtocolClient } from '../../src/core/agents/protocolClient.ts';
import { createInMemoryConversations } from '../../src/core/chat/conversations/inMemoryConversations.ts';
import {
  createChatHost,
  type ChatHost,
  type ChatHostOptions,
} from '../../src/core/chat/chatHost.ts';
import { inMemoryTemplates } from '../../src/core/chat/templates/templateStore.ts';
import { createEmulatorClient } from '../../src/core/emulatorClient/emulatorClient.ts';
import { readSessionModels } from '../../src/core/emulatorClient/sessionModels.ts';
import { createProtocolClient } from '../../src/core/targets/protocols/protocolClients.ts';
import type { ChatState } from '../../src/shared/chat/state.ts';
import type { HostMessage } from '../../src/shared/chat/hostMessage.ts';
import type { ViewMessage } from '../../src/shared/schemas/viewMessage.ts';
import { applyChange } from '../../src/shared/chat/applyChange.ts';
import { serverAgent } from './agents.ts';
import type { TestEmulator } from './emulator.ts';
import { createTestRegistry, exampleAgent, fakeConnection, type TestRegistry } from './registry.ts';

/** Behaves as the prompt says: streams the prompt back word by word, fails, or never ends. */
export const scriptedAgent = serverAgent(`
  if (url === '/invocations') {
    const { prompt } = JSON.parse(body);
    if (prompt.startsWith('refuse')) {
      response.writeHead(500, { 'content-type': 'application/json' });
      return response.end(prompt.slice(7) || '{"error":"I would rather not"}');
    }
    if (prompt === 'think') return;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const event = (value) => response.write('data: ' + JSON.stringify(value) + '\\n\\n');
    if (prompt === 'break off') {
      event('and then ');
      return setImmediate(() => response.destroy());
    }
    if (prompt === 'go on') {
      event('on and ');
      return;
    }
    for (const word of prompt.split(/(?<=\\s)/)) event(word);
    if (prompt === 'fail') event({ error: 'boom', error_type: 'ValueError', message: 'x' });
    return response.end();
  }
`);

/** A view without a UI. It keeps its own copy of the state, as the real view does. */
export interface TestView {
  /** Null until the host has sent the state. */
  state(): ChatState | null;
  readonly received: readonly HostMessage[];
  send(message: ViewMessage): void;
  /** Resolves when the state satisfies the condition. */
  until(condition: (state: ChatState) => boolean): Promise<ChatState>;
  close(): void;
}

/** Opens a view of a host. */
export function openView(host: ChatHost): TestView {
  let state: ChatState | null = null;
  const received: HostMessage[] = [];
  const waiting = new Set<() => void>();
  const { receive, dispose } = host.connect((message) => {
    received.push(message);
    if (message.type === 'state') ({ state } = message);
    else if (!isNonStateMessage(message)) state = applyChange(state!, message);
    for (const check of waiting) check();
  });
  return {
    state: () => state,
    received,
    send: receive,
    close: dispose,
    until: (condition) =>
      new Promise((resolve) => {
        const check = () => {
          if (state === null || !condition(state)) return;
          waiting.delete(check);
          resolve(state);
        };
        waiting.add(check);
        check();
      }),
  };
}

type NonStateMessage = Extract<
  HostMessage,
  { type: 'raw' | 'machines' | 'models' | 'file' | 'found' | 'unsent' | 'showConversations' }
>;

function isNonStateMessage(message: HostMessage): message is NonStateMessage {
  return ['raw', 'machines', 'models', 'file', 'found', 'unsent', 'showConversations'].includes(
    message.type,
  );
}

/** Stored conversations that a chat starts with. */
type StoredChat = Pick<ChatHostOptions, 'conversations' | 'latest'>;

/** Opens a chat with an emulator's agent, and one view. */
export function useChat(
  { url, agent: { arn, name, runtimeId } }: TestEmulator,
  { conversations = createInMemoryConversations(), latest = null }: Partial<StoredChat> = {},
): {
  host: ChatHost;
  view: TestView;
  registry: TestRegistry;
  /** The agent's id. */
  agent: string;
} {
  const agent = exampleAgent(name, { endpoint: url, runtimeArn: arn });
  const emulator = createEmulatorClient(url);
  const client = createTargetClient(agent.target, { credentials: PLACEHOLDER_CREDENTIALS });
  const registry = createTestRegistry({
    agents: [agent],
    connection: {
      createClient: (options) => createProtocolClient('HTTP', client, options),
      followSession: (sessionId, onReading) =>
        emulator.sessions.follow({ runtimeId, sessionId }, onReading),
      readMachines: async () => null,
      readModels: (sessionId) => readSessionModels(emulator.admin, { runtimeId, sessionId }),
      async chooseModel(sessionId, model) {
        await emulator.admin.chooseModel(model, { runtimeId, sessionId });
      },
      stopSession: client.stopSession,
    },
  });
  const { host, view } = openChat({ registry, conversations, latest });
  onTestFinished(() => {
    client.destroy();
    emulator.close();
  });
  return { host, view, registry, agent: agent.id };
}

/** Opens a chat with a fake agent, for behavior that an emulator cannot produce. */
export function useFakeAgent(
  send: ProtocolClient['send'],
  editor: ChatHostOptions['editor'] = null,
) {
  const registry = createTestRegistry({
    agents: [exampleAgent('A')],
    connection: fakeConnection(send),
  });
  return openChat({ registry, editor });
}

function openChat(options: Pick<ChatHostOptions, 'registry'> & Partial<ChatHostOptions>) {
  const host = createChatHost({
    conversations: createInMemoryConversations(),
    latest: null,
    templates: inMemoryTemplates,
    now: Date.now,
    logger: { error: () => {} },
    editor: null,
    newId: randomUUID,
    ...options,
  });
  onTestFinished(host.dispose);
  const view = openView(host);
  view.send({ type: 'ready' });
  return { host, view };
}
