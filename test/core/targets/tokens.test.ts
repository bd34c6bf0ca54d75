import { expect, test, vi } from 'vitest';
import { createAwsDirectory } from '../../../src/aws/awsDirectory.ts';
import { createChatAgents } from '../../../src/core/chat/agents/chatAgents.ts';
import { createAwsAgents } from '../../../src/core/targets/awsAgents.ts';
import type { Agent } from '../../../src/shared/agent.ts';
import { createTokens, type TokenStore } from '../../../src/core/targets/tokens.ts';
import { echoAgent, serverAgent } from '../../support/agents.ts';
import { useEmulator } from '../../support/emulator.ts';
import { useChatOf, useEmulatorAgents } from '../../support/localChat.ts';
import { useProtocolAgent } from '../../support/protocolAgent.ts';
import { createTestRegistry, deployedAgent, fakeConnection } from '../../support/registry.ts';
import { useProvider } from '../../support/provider.ts';

/** A chat with an agent that takes tokens only. */
async function useGuarded(
  protocol: Parameters<typeof useProtocolAgent>[0] = 'HTTP',
  main = echoAgent,
) {
  const provider = await useProvider();
  const agent = await useProtocolAgent(protocol, main);
  const { discoveryUrl } = provider;
  const authorizer = { customJWTAuthorizer: { discoveryUrl, allowedAudience: ['chat'] } };
  const emulator = await useEmulator({ agents: [{ ...agent, authorizer }] });
  const { url } = emulator;
  const kept = new Map<string, string | undefined>();
  const store: TokenStore = {
    get: async (id) => kept.get(id),
    set: async (id, token) => void kept.set(id, token),
  };

  /** As after a new start: what was kept is there. */
  async function open() {
    const { view, ask } = useChatOf(await useEmulatorAgents(url, store));
    return {
      view,
      ask,
      wanted: async () =>
        (await view.until(({ tokenRequests }) => tokenRequests.length > 0)).tokenRequests[0]!.why,
      give: (token: string | null) =>
        view.send({ type: 'token', agent: view.state()!.agent!, token }),
    };
  }
  return { provider, kept, open };
}

const SUCCESS = { outcome: { type: 'completed' } };

test('a token is asked for once; the prompt waits for it, and it is kept', async () => {
  const { provider, open, kept } = await useGuarded();
  const { ask, wanted, give, view } = await open();
  const asked = ask('Hello');
  expect(await wanted()).toMatch(/Authorization method mismatch.*The chat asks for a token\./);
  const token = await provider.token({ aud: 'chat' });
  give(token);
  expect(await asked).toMatchObject(SUCCESS);
  expect(view.state()!.tokenRequests).toEqual([]);
  expect(await ask('Again')).toMatchObject(SUCCESS);
  expect([...kept.values()]).toEqual([token]);
  expect(await (await open()).ask('After a new start')).toMatchObject(SUCCESS);
});

test('what is wrong with a token is said, and another is asked for', async () => {
  const { provider, open } = await useGuarded();
  const { ask, wanted, give, view } = await open();
  const asked = ask('Hello');
  await wanted();
  const other = (why: RegExp) =>
    view.until(({ tokenRequests }) => why.test(tokenRequests[0]?.why ?? ''));
  give('secret');
  await other(/^Not a valid JWT/);
  give(await provider.token({ aud: 'chat', exp: 1_700_000_000 }));
  await other(/^The token expired at 2023-11-14T22:13:20\.000Z\.$/);
  give(await provider.token({ aud: 'others' }));
  await other(/Claim 'aud' value mismatch/);
  give(await provider.token({ aud: 'chat' }));
  expect(await asked).toMatchObject(SUCCESS);
});

test('a token that expires between two prompts is asked for again, with its time', async () => {
  const { provider, open, kept } = await useGuarded();
  const old = await provider.token({ aud: 'chat', exp: 1_700_000_000 });
  const first = await open();
  const asked = first.ask('Hello');
  await first.wanted();
  first.give(await provider.token({ aud: 'chat' }));
  expect(await asked).toMatchObject(SUCCESS);
  for (const agent of kept.keys()) kept.set(agent, old);
  const { ask, wanted, give } = await open();
  const later = ask('Hello');
  expect(await wanted()).toMatch(/^The token expired at 2023-11-14T22:13:20\.000Z\. OAuth/);
  give(await provider.token({ aud: 'chat' }));
  expect(await later).toMatchObject(SUCCESS);
});

test('Stop takes the question back; without a token the agent’s refusal is the answer', async () => {
  const { open } = await useGuarded();
  const { ask, wanted, view } = await open();
  const asked = ask('Hello');
  await wanted();
  view.send({ type: 'stop', turn: view.state()!.turns[0]!.id });
  expect((await asked).outcome).toEqual({ type: 'cancelled' });
  expect(view.state()!.tokenRequests).toEqual([]);
});

const echoAt = (port: string) =>
  serverAgent(`
    if (url.includes('card')) return json(response, { protocolVersion: '0.3.0' });
    if (request.method === 'POST') {
      const { id } = JSON.parse(String(body));
      return json(response, { jsonrpc: '2.0', id, result: { protocolVersion: '2025-06-18' } });
    }
  `).replace('8080', port);

test.each([
  ['AGUI', echoAgent],
  ['A2A', echoAt('9000')],
  ['MCP', echoAt('8000')],
] as const)('an agent of %s asks for its token too, in words', async (protocol, main) => {
  const { provider, open } = await useGuarded(protocol, main);
  const { ask, wanted, give } = await open();
  const asked = ask('hello');
  expect(await wanted()).toMatch(/^Authorization method mismatch/);
  give(await provider.token({ aud: 'chat' }));
  expect(await asked).toMatchObject(SUCCESS);
});

/** Two agents that accept only tokens, and a chat's calls of them. */
function useWaiting() {
  const kept = new Map<string, string>();
  const tokens = createTokens({
    get: async (id) => kept.get(id),
    set: async (id, token) => void (token === undefined ? kept.delete(id) : kept.set(id, token)),
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
    kept,
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

test('a token lets all calls of its agent go on, and those of other agents wait', async () => {
  const { a, b, list, send, agents, waiting } = useWaiting();
  const sent: string[] = [];
  list(a);
  const first = send(a).then(() => sent.push('a'));
  const second = send(b).then(() => sent.push('b'));
  await vi.waitFor(() => expect(waiting()).toEqual([a.id, b.id]));
  agents.answerTokenRequest(a.id, 'no JWT');
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

test('a token that one chat is given lets the calls of another go on', async () => {
  const { a, send, agents, tokens } = useWaiting();
  const sent = send(a);
  await vi.waitFor(() => expect(agents.state().tokenRequests).toHaveLength(1));
  tokens.save(a.id, 'e30.e30.x');
  await sent;
});

test('the token of a target is removed with it', async () => {
  const { target } = deployedAgent('Shop', { authorization: 'token' });
  const kept = new Map<string, string | undefined>();
  const tokens = createTokens({
    get: async (id) => kept.get(id),
    set: async (id, token) => void kept.set(id, token),
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
  expect([...kept.values()]).toEqual([undefined]);
});
