import { expect, onTestFinished, test, vi } from 'vitest';
import { connectLocalAgents } from '../../../src/aws/localAgents.ts';
import { createTokens, type TokenStore } from '../../../src/core/targets/tokens.ts';
import { echoAgent, serverAgent } from '../../support/agents.ts';
import { useEmulator } from '../../support/emulator.ts';
import { untold } from '../../support/chat.ts';
import { useChatOf } from '../../support/localChat.ts';
import { useProtocolAgent } from '../../support/protocolAgent.ts';
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
    const tokens = createTokens(store, Date.now);
    const local = await connectLocalAgents(url, { bearer: tokens.bearer });
    onTestFinished(local.destroy);
    const now = () => ({ connection: { state: 'ready' as const }, agents: local.agents() });
    const { view, ask } = useChatOf(
      tokens.guard({ ...local, source: { now, onChange: () => () => {} } }),
    );
    return {
      view,
      ask,
      wanted: async () =>
        (await view.until(({ tokenRequests }) => tokenRequests.length > 0)).tokenRequests[0]!.why,
      give: (token: string | null) =>
        view.send({ type: 'token', agent: emulator.agent.arn, token }),
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
  await other(/^That is no JWT, which is three parts/);
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

/** Agents that take tokens only, and whoever calls them. */
function useWaiting() {
  const kept = new Map<string, string>();
  const tokens = createTokens(
    {
      get: async (id) => kept.get(id),
      set: async (id, token) => void (token === undefined ? kept.delete(id) : kept.set(id, token)),
    },
    Date.now,
  );
  const deployment = { region: '', account: '', qualifier: '', authorization: 'token' } as const;
  const agents = ['a', 'b'].map((id) => ({ id, name: id, protocol: 'MCP' as const, deployment }));
  const { source, tools, invoke } = tokens.guard({
    source: {
      now: () => ({ connection: { state: 'ready' }, agents }),
      onChange: () => () => {},
      aws: () => {},
    },
    invoke: async () => ({ contentType: '', body: (async function* () {})() }),
    tools: async () => [],
    sessions: untold,
  });
  const { signal } = new AbortController();
  return {
    kept,
    bearer: tokens.bearer,
    source,
    list: (agent: string) => tools({ agent, sessionId: '', actorId: null }, signal),
    ask(agent: string) {
      const question = { sessionId: '', text: '', files: [], filesOf: () => [], history: [] };
      const manner = { template: null, transport: 'http', actorId: null, turn: '' } as const;
      return invoke({ agent, ...question, ...manner, waitingTask: null }, signal);
    },
    wanted: () => source.now().tokenRequests!.map(({ agent }) => agent),
  };
}

test('all that waits for one agent’s token goes on with it, and what waits for another’s waits on', async () => {
  const { list, ask, source, wanted } = useWaiting();
  const done: string[] = [];
  const listed = list('a').then(() => done.push('listed a'));
  const asked = ask('a').then(() => done.push('asked a'));
  const other = ask('b').then(() => done.push('asked b'));
  await vi.waitFor(() => expect(wanted()).toEqual(['a', 'b']));
  source.giveToken!('a', 'no JWT');
  expect(source.now().tokenRequests).toEqual([
    { agent: 'a', why: expect.stringMatching(/^That is no JWT/) },
    { agent: 'b', why: null },
  ]);
  source.giveToken!('a', 'e30.e30.x');
  await Promise.all([listed, asked]);
  expect(done.toSorted()).toEqual(['asked a', 'listed a']);
  expect(wanted()).toEqual(['b']);
  source.giveToken!('b', null);
  await other;
  expect(wanted()).toEqual([]);
});

test('the token for a target is forgotten with it', async () => {
  const { ask, source, wanted, kept, bearer } = useWaiting();
  const asked = ask('a');
  await vi.waitFor(() => expect(wanted()).toEqual(['a']));
  source.giveToken!('a', 'e30.e30.x');
  await asked;
  expect([...kept.keys()]).toEqual(['a']);
  source.aws!({ type: 'removeTarget', agent: 'a' });
  expect(bearer('a')).toBeUndefined();
  expect([...kept.keys()]).toEqual([]);
});
