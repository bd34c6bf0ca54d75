import { expect, test } from 'vitest';
import type { ChatState } from '../../../src/shared/chat/state.ts';
import { serverAgent, useAgent } from '../../support/agents.ts';
import { obedientAgent, useChat } from '../../support/chat.ts';
import { useEmulator } from '../../support/emulator.ts';

const over = ({ turns }: ChatState) => turns.length > 0 && turns.at(-1)!.outcome !== null;
const idle = (state: ChatState) => over(state) && state.session.state === 'idle';

async function useObedientChat(limits: { readonly maxLifetime?: number } = {}) {
  const emulator = await useEmulator({ agents: [await useAgent(obedientAgent)], ...limits });
  const chat = useChat(emulator);
  const ask = async (prompt: string) => {
    const turns = chat.view.state()!.turns.length + 1;
    chat.view.send({ type: 'send', prompt });
    return chat.view.until((state) => state.turns.length === turns && idle(state));
  };
  const advance = (advanceSeconds: number) => emulator.admin('/clock', { advanceSeconds });
  return { emulator, ...chat, ask, advance };
}

test('a session is shown from its start to its rest, with the real time of its end', async () => {
  const { view, ask, advance, emulator } = await useObedientChat();
  await view.until(({ session }) => session.state === 'none');
  await ask('hello');
  const shown = view.received.flatMap((message) =>
    message.type === 'machine' ? message.session.state : [],
  );
  expect([...new Set(shown)]).toEqual(['none', 'starting', 'active', 'idle']);

  await advance(600);
  const { idleDeadline } = (await emulator.sessions())[0]!;
  const { offsetSeconds } = await emulator.admin<{ offsetSeconds: number }>('/clock');
  const endsAt = Date.parse(idleDeadline!) - offsetSeconds * 1000;
  await view.until(
    ({ session }) => session.state === 'idle' && Date.parse(session.endsAt) === endsAt,
  );
});

test('what will end a session is its longest lifetime where that comes before its idle end', async () => {
  const { ask, advance } = await useObedientChat({ maxLifetime: 1000 });
  expect((await ask('one')).session).toMatchObject({ limit: 'idle-timeout' });
  await advance(500);
  expect((await ask('two')).session).toMatchObject({ limit: 'max-lifetime' });
});

test('a session that ended in between says why, and the turn after it opens with that', async () => {
  const { view, ask, advance } = await useObedientChat();
  await ask('one');
  await advance(900);
  const { session, opening } = await view.until((state) => state.session.state === 'ended');
  expect(session).toEqual({ state: 'ended', reason: 'idle-timeout', logTail: null });
  expect(opening).toEqual({ why: 'idle-timeout' });

  const { sessionId } = view.state()!;
  const { turns } = await ask('two');
  expect(turns.map((turn) => turn.opening)).toEqual([null, { why: 'idle-timeout' }]);
  expect(view.state()).toMatchObject({ sessionId, opening: null });
  expect((await ask('three')).turns.at(-1)!.opening).toBeNull();
});

test('a session that is stopped ends, and what cannot be stopped says so until it is read', async () => {
  const { view, ask } = await useObedientChat();
  await ask('one');
  view.send({ type: 'stopSession' });
  const { session } = await view.until((state) => state.session.state === 'ended');
  expect(session).toMatchObject({ reason: 'stopped' });
  view.send({ type: 'stopSession' });
  const { problem } = await view.until((state) => state.problem !== null);
  expect(problem).toMatch(/^The session could not be stopped: No running session/);
  view.send({ type: 'dismissProblem' });
  expect(view.state()!.problem).toBeNull();
});

test('a crash is told with the last lines of its log', async () => {
  const agent = await useAgent(
    serverAgent(`
      if (url === '/invocations') {
        console.error('out of cheese');
        process.exit(3);
      }
    `),
  );
  const { view } = useChat(await useEmulator({ agents: [agent] }));
  view.send({ type: 'send', prompt: 'hello' });
  const { session } = await view.until(
    (state) => state.session.state === 'ended' && state.session.logTail !== null,
  );
  expect(session).toEqual({
    state: 'ended',
    reason: 'crashed',
    logTail: expect.stringContaining('out of cheese'),
  });
});

test('while the emulator is away nothing is said of the session', async () => {
  const { view, ask, emulator, registry } = await useObedientChat();
  await ask('one');
  await emulator.close();
  await view.until(({ session }) => session.state !== 'idle');
  registry.set({ connection: { state: 'gone', why: 'it was ended' } });
  expect(view.state()).toMatchObject({ session: { state: 'unknown' }, opening: null });
});

test('a session is followed again once the emulator can be asked again', async () => {
  const { view, ask, registry } = await useObedientChat();
  await ask('one');
  registry.set({ connection: { state: 'gone', why: 'it is stopped' } });
  expect(view.state()!.session.state).toBe('unknown');
  registry.set({ connection: { state: 'ready' } });
  await view.until(({ session }) => session.state === 'idle');
});
