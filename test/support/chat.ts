import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { createTargetClient } from '../../src/aws/targetClient.ts';
import { inMemoryTemplates } from '../../src/core/chat/templates/templates.ts';
import { createProtocolClients } from '../../src/core/targets/protocols/protocolClients.ts';
import { followSession } from '../../src/core/emulator/followSession.ts';
import { createConversations } from '../../src/core/chat/conversations/memory.ts';
import { createChatHost, type ChatHost, type ChatHostOptions } from '../../src/core/chat/host.ts';
import { createEmitter } from '../../src/core/emitter.ts';
import type { Sessions } from '../../src/core/chat/session/sessionWatch.ts';
import type { ChatSource, SourceReading } from '../../src/core/chat/source/source.ts';
import type { ChatState } from '../../src/shared/chat/state.ts';
import type { HostMessage } from '../../src/shared/chat/hostMessage.ts';
import type { ViewMessage } from '../../src/shared/chat/viewMessage.ts';
import { applyChange } from '../../src/shared/chat/applyChange.ts';
import { serverAgent } from './agents.ts';
import type { TestEmulator } from './emulator.ts';

/** Does what the prompt says: streams it back word by word, fails, or never ends. */
export const obedientAgent = serverAgent(`
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

/** A view without a face: it keeps its own copy of the state, as the real one does. */
export interface TestView {
  /** Null until the host has said it. */
  state(): ChatState | null;
  readonly received: readonly HostMessage[];
  send(message: ViewMessage): void;
  /** Resolves once the view's state is as wanted. */
  until(wanted: (state: ChatState) => boolean): Promise<ChatState>;
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
    else if (!isAside(message)) state = applyChange(state!, message);
    for (const look of waiting) look();
  });
  return {
    state: () => state,
    received,
    send: receive,
    close: dispose,
    until: (wanted) =>
      new Promise((resolve) => {
        const look = () => {
          if (state === null || !wanted(state)) return;
          waiting.delete(look);
          resolve(state);
        };
        waiting.add(look);
        look();
      }),
  };
}

/** Sessions of which nothing is known, as in AWS. */
export const untold: Sessions = { follow: () => () => {}, stop: async () => {} };

type Aside = Extract<
  HostMessage,
  { type: 'raw' | 'machines' | 'file' | 'found' | 'unsent' | 'showConversations' }
>;

function isAside(message: HostMessage): message is Aside {
  return ['raw', 'machines', 'file', 'found', 'unsent', 'showConversations'].includes(message.type);
}

/** A source that says what the test tells it. */
export interface TestSource extends ChatSource {
  set(reading: Partial<SourceReading>): void;
}

/** What a chat begins with. */
type Kept = Pick<ChatHostOptions, 'conversations' | 'latest'>;

/** The chat over an emulator's agent, by the AWS SDK's client, with one view that is ready. */
export function useChat(
  { url, agent }: TestEmulator,
  { conversations = createConversations(), latest = null }: Partial<Kept> = {},
): {
  host: ChatHost;
  view: TestView;
  source: TestSource;
} {
  let reading: SourceReading = {
    connection: { state: 'ready' },
    agents: [{ id: agent.arn, name: agent.name, protocol: 'HTTP', deployment: null }],
  };
  const followers = createEmitter();
  const source: TestSource = {
    now: () => reading,
    onChange: followers.subscribe,
    set(change) {
      reading = { ...reading, ...change };
      followers.emit();
    },
  };
  const client = createTargetClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    runtimeArn: agent.arn,
  });
  const speakerFor = createProtocolClients('HTTP', client);
  const host = createChatHost({
    source,
    conversations,
    latest,
    templates: inMemoryTemplates,
    invoke: (question, signal) => speakerFor(question).send(question, signal),
    now: Date.now,
    logger: { error: () => {} },
    sessions: {
      follow: ({ sessionId }, onReading) =>
        followSession({ url, runtimeId: agent.runtimeId, sessionId, onReading }),
      stop: ({ sessionId }) => client.stopSession(sessionId),
    },
    editor: null,
    newId: randomUUID,
  });
  onTestFinished(() => {
    void host.dispose();
    client.destroy();
  });
  const view = openView(host);
  view.send({ type: 'ready' });
  return { host, view, source };
}

/** A chat without an emulator, for what no emulator can be made to do. */
export function useInvocation(
  invoke: ChatHostOptions['invoke'],
  editor: ChatHostOptions['editor'] = null,
) {
  const host = createChatHost({
    source: {
      now: () => ({
        connection: { state: 'ready' },
        agents: [{ id: 'a', name: 'A', protocol: 'HTTP', deployment: null }],
      }),
      onChange: () => () => {},
    },
    invoke,
    now: Date.now,
    logger: { error: () => {} },
    sessions: untold,
    conversations: createConversations(),
    latest: null,
    editor,
    templates: inMemoryTemplates,
    newId: randomUUID,
  });
  onTestFinished(host.dispose);
  const view = openView(host);
  view.send({ type: 'ready' });
  return { host, view };
}
