import { expect, test } from 'vitest';
import type { ChatState } from '../../../src/shared/chat/state.ts';
import { serverAgent, useAgent } from '../../support/agents.ts';
import { scriptedAgent, useChat } from '../../support/chat.ts';
import { useEmulator } from '../../support/emulator.ts';

const over = ({ turns }: ChatState) => turns.length > 0 && turns.at(-1)!.outcome !== null;
const idle = (state: ChatState) => over(state) && state.session.state === 'idle';

async function useScriptedChat(limits: { readonly maxLifetime?: number } = {}) {
  const emulator = await useEmulator({ agents: [await useAgent(scriptedAgent)], ...limits });
  const chat = useChat(emulator);
  const ask = async (prompt: string) => {
    const turns = chat.view.state()!.turns.length + 1;
    chat.view.send({ type: 'send', prompt });
    return chat.view.until((state) => state.turns.length === turns && idle(state));
  };
  const advance = (advanceSeconds: number) => emulator.admin('/clock', { advanceSeconds });
  return { emulator, ...chat, ask, advance };
}

test('the session’s state is shown from start to idle, with its deadline in real time', async () => {
  const { view, ask, advance, emulator } = await useScriptedChat();
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

test('the earlier of idle timeout and maximum lifetime is shown', async () => {
  const { ask, advance } = await useScriptedChat({ maxLifetime: 1000 });
  expect((await ask('one')).session).toMatchObject({ limit: 'idle-timeout' });
  await advance(500);
  expect((await ask('two')).session).toMatchObject({ limit: 'max-lifetime' });
});

test('the turn after an ended session opens with the reason', async () => {
  const { view, ask, advance } = await useScriptedChat();
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

test('stopping ends the session, and a failure to stop is shown until dismissed', async () => {
  const { view, ask } = await useScriptedChat();
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

test('a crash is shown with the last log lines', async () => {
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

test('the session state is unknown while the emulator is unreachable', async () => {
  const { view, ask, emulator, registry } = await useScriptedChat();
  await ask('one');
  await emulator.close();
  await view.until(({ session }) => session.state !== 'idle');
  registry.set({ connection: { state: 'gone', why: 'it was ended' } });
  expect(view.state()).toMatchObject({ session: { state: 'unknown' }, opening: null });
});

test('the session is followed again after the emulator returns', async () => {
  const { view, ask, registry } = await useScriptedChat();
  await ask('one');
  registry.set({ connection: { state: 'gone', why: 'it is stopped' } });
  expect(view.state()!.session.state).toBe('unknown');
  registry.set({ connection: { state: 'ready' } });
  await view.until(({ session }) => session.state === 'idle');
});
