import { expect, test, vi } from 'vitest';
import { createAwsDirectory } from '../../../src/aws/awsDirectory.ts';
import { createChatAgents } from '../../../src/core/chat/agents/chatAgents.ts';
import { createAwsAgents } from '../../../src/core/targets/awsAgents.ts';
import type { Agent } from '../../../src/shared/agent.ts';
import { createTokens, type TokenStore } from '../../../src/core/targets/tokens.ts';
import { echoAgent, serverAgent } from '../../support/agents.ts';
import { useEmulator } from '../../support/emulator.ts';
import { useChatWithRegistry, useEmulatorAgents } from '../../support/localChat.ts';
import { useProtocolAgent } from '../../support/protocolAgent.ts';
import { createTestRegistry, deployedAgent, fakeConnection } from '../../support/registry.ts';
import { useProvider } from '../../support/provider.ts';

/** Opens chats with an agent that accepts only tokens. */
async function useTokenAgent(
  protocol: Parameters<typeof useProtocolAgent>[0] = 'HTTP',
  main = echoAgent,
) {
  const provider = await useProvider();
  const agent = await useProtocolAgent(protocol, main);
  const { discoveryUrl } = provider;
  const authorizer = { customJWTAuthorizer: { discoveryUrl, allowedAudience: ['chat'] } };
  const emulator = await useEmulator({ agents: [{ ...agent, authorizer }] });
  const { url } = emulator;
  const stored = new Map<string, string | undefined>();
  const store: TokenStore = {
    get: async (id) => stored.get(id),
    set: async (id, token) => void stored.set(id, token),
  };

  /** Opens a chat as after a restart, with the stored tokens. */
  async function open() {
    const { view, ask } = useChatWithRegistry(await useEmulatorAgents(url, store));
    return {
      view,
      ask,
      requestReason: async () =>
        (await view.until(({ tokenRequests }) => tokenRequests.length > 0)).tokenRequests[0]!.why,
      answer: (token: string | null) =>
        view.send({ type: 'token', agent: view.state()!.agent!, token }),
    };
  }
  return { provider, stored, open };
}

const SUCCESS = { outcome: { type: 'completed' } };

test('a token is requested once, unblocks the prompt and is stored', async () => {
  const { provider, open, stored } = await useTokenAgent();
  const { ask, requestReason, answer, view } = await open();
  const asked = ask('Hello');
  expect(await requestReason()).toMatch(
    /Authorization method mismatch.*The chat asks for a token\./,
  );
  const token = await provider.token({ aud: 'chat' });
  answer(token);
  expect(await asked).toMatchObject(SUCCESS);
  expect(view.state()!.tokenRequests).toEqual([]);
  expect(await ask('Again')).toMatchObject(SUCCESS);
  expect([...stored.values()]).toEqual([token]);
  expect(await (await open()).ask('After a restart')).toMatchObject(SUCCESS);
});

test('an invalid token is explained and requested again', async () => {
  const { provider, open } = await useTokenAgent();
  const { ask, requestReason, answer, view } = await open();
  const asked = ask('Hello');
  await requestReason();
  const requestedAgain = (why: RegExp) =>
    view.until(({ tokenRequests }) => why.test(tokenRequests[0]?.why ?? ''));
  answer('secret');
  await requestedAgain(/^Not a valid JWT/);
  answer(await provider.token({ aud: 'chat', exp: 1_700_000_000 }));
  await requestedAgain(/^The token expired at 2023-11-14T22:13:20\.000Z\.$/);
  answer(await provider.token({ aud: 'others' }));
  await requestedAgain(/Claim 'aud' value mismatch/);
  answer(await provider.token({ aud: 'chat' }));
  expect(await asked).toMatchObject(SUCCESS);
});

test('a token that expired between two prompts is requested again, with the time', async () => {
  const { provider, open, stored } = await useTokenAgent();
  const old = await provider.token({ aud: 'chat', exp: 1_700_000_000 });
  const first = await open();
  const asked = first.ask('Hello');
  await first.requestReason();
  first.answer(await provider.token({ aud: 'chat' }));
  expect(await asked).toMatchObject(SUCCESS);
  for (const agent of stored.keys()) stored.set(agent, old);
  const { ask, requestReason, answer } = await open();
  const later = ask('Hello');
  expect(await requestReason()).toMatch(/^The token expired at 2023-11-14T22:13:20\.000Z\. OAuth/);
  answer(await provider.token({ aud: 'chat' }));
  expect(await later).toMatchObject(SUCCESS);
});

test('Stop withdraws the token request', async () => {
  const { open } = await useTokenAgent();
  const { ask, requestReason, view } = await open();
  const asked = ask('Hello');
  await requestReason();
  view.send({ type: 'stop', turn: view.state()!.turns[0]!.id });
  expect((await asked).outcome).toEqual({ type: 'canceled' });
  expect(view.state()!.tokenRequests).toEqual([]);
});

const createEchoAgent = (port: string) =>
  serverAgent(`
    if (url.includes('card')) return json(response, { protocolVersion: '0.3.0' });
    if (request.method === 'POST') {
      const { id } = JSON.parse(String(body));
      return json(response, { jsonrpc: '2.0', id, result: { protocolVersion: '2025-06-18' } });
    }
  `).replace('8080', port);

test.each([
  ['AGUI', echoAgent],
  ['A2A', createEchoAgent('9000')],
  ['MCP', createEchoAgent('8000')],
] as const)('a %s agent requests its token too', async (protocol, main) => {
  const { provider, open } = await useTokenAgent(protocol, main);
  const { ask, requestReason, answer } = await open();
  const asked = ask('hello');
  expect(await requestReason()).toMatch(/^Authorization method mismatch/);
  answer(await provider.token({ aud: 'chat' }));
  expect(await asked).toMatchObject(SUCCESS);
});

/** Creates two agents that accept only tokens, and a chat's calls of them. */
function useWaiting() {
  const stored = new Map<string, string>();
  const tokens = createTokens({
    get: async (id) => stored.get(id),
    set: async (id, token) =>
      void (token === undefined ? stored.delete(id) : stored.set(id, token)),
  });
  const [a, b] = ['A', 'B'].map((name) =>
    deployedAgent(name, { protocol: 'MCP', authorization: 'token' }),
  ) as [Agent, Agent];
  const registry = createTestRegistry({
    agents: [a, b],
    connection: fakeConnection(async () => ({ contentType: '', body: (async function* () {})() }), {
      listTools: async () => [],
    }),
    tokens,
  });
  const agents = createChatAgents(registry, Date.now);
  const { signal } = new AbortController();
  return {
    a,
    b,
    stored,
    tokens,
    agents,
    list: ({ target }: Agent) => agents.listTools({ target, sessionId: '', actorId: null }),
    send({ target }: Agent) {
      const message = { sessionId: '', text: '', files: [], history: () => [], turn: '' };
      const options = { template: null, transport: 'http', actorId: null } as const;
      return agents.send({ target, ...message, ...options, waitingTask: null }, signal);
    },
    waiting: () => agents.state().tokenRequests.map(({ agent }) => agent),
  };
}

test('a token unblocks all calls of its agent, and no others', async () => {
  const { a, b, list, send, agents, waiting } = useWaiting();
  const sent: string[] = [];
  list(a);
  const first = send(a).then(() => sent.push('a'));
  const second = send(b).then(() => sent.push('b'));
  await vi.waitFor(() => expect(waiting()).toEqual([a.id, b.id]));
  agents.answerTokenRequest(a.id, 'not a JWT');
  expect(agents.state().tokenRequests).toEqual([
    { agent: a.id, why: 'Not a valid JWT.' },
    { agent: b.id, why: null },
  ]);
  agents.answerTokenRequest(a.id, 'e30.e30.x');
  await first;
  await vi.waitFor(() =>
    expect(agents.state().toolList).toMatchObject({ agent: a.id, tools: { state: 'loaded' } }),
  );
  expect(sent).toEqual(['a']);
  expect(waiting()).toEqual([b.id]);
  agents.answerTokenRequest(b.id, null);
  await second;
  expect(waiting()).toEqual([]);
});

test('a token from one chat unblocks the calls of another', async () => {
  const { a, send, agents, tokens } = useWaiting();
  const sent = send(a);
  await vi.waitFor(() => expect(agents.state().tokenRequests).toHaveLength(1));
  tokens.save(a.id, 'e30.e30.x');
  await sent;
});

test('removing a target removes its token', async () => {
  const { target } = deployedAgent('Shop', { authorization: 'token' });
  const stored = new Map<string, string | undefined>();
  const tokens = createTokens({
    get: async (id) => stored.get(id),
    set: async (id, token) => void stored.set(id, token),
  });
  const aws = createAwsAgents({
    directory: createAwsDirectory({}),
    store: { read: () => [{ target }], write() {} },
    openClient: () => expect.fail('nothing is sent'),
    tokens,
    now: Date.now,
  });
  const [{ id }] = aws.agents() as [Agent];
  tokens.save(id, 'e30.e30.x');
  aws.request({ type: 'removeTarget', agent: id });
  expect(tokens.bearer(id)).toBeUndefined();
  expect([...stored.values()]).toEqual([undefined]);
});
