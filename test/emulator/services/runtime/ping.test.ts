import { expect, test } from 'vitest';
import type { EmulatorOptions } from '../../../../emulator/options.ts';
import type { ClockReading } from '../../../../src/shared/emulator.ts';
import { eventually } from '../../../support/eventually.ts';
import { serverAgent, useAgent } from '../../../support/agents.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';

const id = { runtimeSessionId: sessionId('a') };

/** Answers /ping with the code of the last invocation. `seconds` is the time of that invocation. */
const scriptedAgent = serverAgent(
  `if (url === '/invocations') {
     seconds = Math.floor(Date.now() / 1000);
     answer = new Function('response', 'json', 'seconds', 'n', String(body));
     return json(response, { n });
   }
   n += 1;
   if (url === '/ping') return answer(response, json, seconds, n);`,
  `let seconds, n = 0, answer = (response, json) => json(response, { status: 'Healthy' });`,
);

async function useScriptedAgent(options: Partial<EmulatorOptions> = {}) {
  const emulator = await useEmulator({
    agents: [await useAgent(scriptedAgent)],
    pingInterval: 0.05,
    ...options,
  });
  return {
    ...emulator,
    setPing: (code: string) => emulator.invoke({ ...id, payload: code }),
    session: async () => (await emulator.sessions())[0]!,
    advanceClock: (advanceSeconds: number) => emulator.admin('/clock', { advanceSeconds }),
    notes: async () =>
      (await emulator.timeline(id.runtimeSessionId)).flatMap((entry) =>
        entry.type === 'note' ? [entry.message] : [],
      ),
  };
}

const busy = (time: string) =>
  `json(response, { status: 'HealthyBusy', time_of_last_update: ${time} })`;

test('HealthyBusy with whole seconds keeps a session until its maximum lifetime, without a note', async () => {
  const { setPing, session, advanceClock, notes } = await useScriptedAgent();
  await setPing(busy('seconds'));
  await eventually(async () => expect((await session()).ping?.status).toBe('HealthyBusy'));
  await advanceClock(28_000);
  expect(await session()).toMatchObject({ state: 'active', idleDeadline: null });
  expect(await notes()).toEqual([]);
  await advanceClock(800);
  expect(await session()).toMatchObject({ state: 'terminated', reason: 'max-lifetime' });
});

test('A ping that changes just before a clock advance counts from the time before it', async () => {
  const { setPing, session, advanceClock, admin } = await useScriptedAgent({ pingInterval: 3_600 });
  await setPing(busy('seconds'));
  await advanceClock(3_600);
  expect(await session()).toMatchObject({ state: 'active', idleDeadline: null });
  await setPing(`json(response, { status: 'Healthy' })`);
  await advanceClock(300);
  await expectSecondsLeft(600);
  await setPing(`json(response, { status: 'Healthy' })`);
  await expectSecondsLeft(900);
  await advanceClock(1_000);
  expect(await session()).toMatchObject({ state: 'terminated', reason: 'idle-timeout' });

  /** Allows for real time, which counts as well on a slow computer. */
  async function expectSecondsLeft(seconds: number): Promise<void> {
    const { state, idleDeadline } = await session();
    const { now } = await admin<ClockReading>('/clock');
    expect(state).toBe('idle');
    const left = (Date.parse(idleDeadline!) - Date.parse(now)) / 1000;
    expect(left).toBeLessThanOrEqual(seconds);
    expect(left).toBeGreaterThan(seconds - 60);
  }
});

test.each([
  ['undefined', 'without time_of_last_update'],
  ['new Date(0).toISOString()', 'with time_of_last_update "1970-01-01T00:00:00.000Z"'],
  ['seconds + 0.5', 'with time_of_last_update \\d+\\.5'],
])(
  'HealthyBusy with time %s times out as idle, with a note before and after',
  async (time, description) => {
    const { setPing, session, advanceClock, notes, log } = await useScriptedAgent();
    await setPing(busy(time));
    await eventually(async () => expect(await notes()).toHaveLength(1));
    const { state, idleDeadline } = await session();
    expect(state).toBe('idle');
    const [warning] = await notes();
    expect(warning).toMatch(
      new RegExp(`/ping returned HealthyBusy ${description}.*Send time_of_last_update`),
    );
    expect(warning).toContain(`will time out at ${idleDeadline}, as in AWS`);
    await advanceClock(901);
    expect(await session()).toMatchObject({ state: 'terminated', reason: 'idle-timeout' });
    expect(await notes()).toEqual([
      warning,
      expect.stringMatching(
        new RegExp(`timed out as idle although the agent reported HealthyBusy ${description}`),
      ),
    ]);
    expect(log.filter((line) => line.includes('HealthyBusy'))).toEqual(
      (await notes()).map((note) => `Agent a-000000: ${note}`),
    );
  },
);

test('A healthy time that advances with every ping never times out as idle, with a note', async () => {
  const { setPing, session, advanceClock, notes } = await useScriptedAgent();
  await setPing(`json(response, { status: 'Healthy', time_of_last_update: 1700000000 + n })`);
  await eventually(async () => expect(await notes()).toHaveLength(1));
  const { maxDeadline } = await session();
  expect((await notes())[0]).toMatch(/advanced \d+ times in a row.*never times out as idle/);
  expect((await notes())[0]).toContain(`will run until ${maxDeadline}, as in AWS`);
  await advanceClock(28_000);
  expect(await session()).toMatchObject({ state: 'idle' });
  await advanceClock(800);
  expect(await session()).toMatchObject({ state: 'terminated', reason: 'max-lifetime' });
});

test('A healthy time that changes once restarts the idle time once', async () => {
  const { setPing, session, advanceClock, notes } = await useScriptedAgent();
  await setPing(`json(response, { status: 'Healthy', time_of_last_update: seconds })`);
  await eventually(async () => expect((await session()).ping?.timeOfLastUpdate).not.toBeNull());
  await advanceClock(901);
  expect(await session()).toMatchObject({ state: 'terminated', reason: 'idle-timeout' });
  expect(await notes()).toEqual([]);
});

test.each([
  ['milliseconds', 'Date.now()', /too large for seconds/],
  ['a future time', 'seconds + 86400', /which is in the future/],
])('A note reports %s in time_of_last_update', async (_, time, note) => {
  const { setPing, notes } = await useScriptedAgent();
  await setPing(`json(response, { status: 'Healthy', time_of_last_update: ${time} })`);
  await eventually(async () => expect((await notes()).join('\n')).toMatch(note));
});

test.each([
  ['404', `response.writeHead(404).end()`, /status 404 instead of 200/],
  ['503', `response.writeHead(503).end()`, /status 503 instead of 200/],
  ['text', `response.end('fine')`, /which is not JSON/],
  ['no status', `json(response, {})`, /has no "status"/],
  ['Unhealthy', `json(response, { status: 'Unhealthy' })`, /the status "Unhealthy"/],
])(
  'An agent whose ping keeps returning %s is stopped as unhealthy after ten seconds',
  async (_, answer, problem) => {
    const { setPing, session, advanceClock, timeline, notes } = await useScriptedAgent();
    await setPing(answer);
    await eventually(async () => expect((await notes()).join()).toMatch(problem));
    expect(await session()).toMatchObject({ state: 'idle', ping: null });
    await advanceClock(10);
    await eventually(async () =>
      expect(await session()).toMatchObject({ state: 'terminated', reason: 'unhealthy' }),
    );
    expect(await timeline(id.runtimeSessionId)).toContainEqual(
      expect.objectContaining({ to: 'terminating', cause: expect.stringMatching(problem) }),
    );
  },
);

test('An agent that recovers in time is not stopped', async () => {
  const { setPing, session, advanceClock, notes } = await useScriptedAgent();
  await setPing(`response.writeHead(503).end()`);
  await eventually(async () => expect(await notes()).toHaveLength(1));
  await setPing(`json(response, { status: 'Healthy' })`);
  await eventually(async () => expect((await session()).ping?.status).toBe('Healthy'));
  await advanceClock(60);
  await setPing(`response.writeHead(503).end()`);
  await eventually(async () => expect(await notes()).toHaveLength(2));
  expect(await session()).toMatchObject({ state: 'idle' });
});

test('A busy agent without ping responses becomes idle, and a busy response makes it active again', async () => {
  const { setPing, session, advanceClock, notes } = await useScriptedAgent();
  await setPing(busy('seconds'));
  await eventually(async () => expect((await session()).state).toBe('active'));
  await setPing(`response.destroy()`);
  await eventually(async () =>
    expect(await session()).toMatchObject({ state: 'idle', ping: null }),
  );
  expect((await notes())[0]).toMatch(/\/ping failed: /);
  await advanceClock(800);
  expect((await session()).state).toBe('idle');
  await setPing(busy('seconds'));
  await eventually(async () => expect((await session()).state).toBe('active'));
  await advanceClock(7_200);
  expect((await session()).state).toBe('active');
  await setPing(`response.destroy()`);
  await eventually(async () => expect((await session()).state).toBe('idle'));
  await advanceClock(901);
  expect(await session()).toMatchObject({ state: 'terminated', reason: 'idle-timeout' });
});

test('A ping without a response is not repeated meanwhile and does not end the session', async () => {
  const { setPing, session, notes } = await useScriptedAgent({ pingTimeout: 1 });
  const before = await setPing(`return`);
  await eventually(async () =>
    expect((await notes())[0]).toMatch(/\/ping did not respond within 1 s/),
  );
  expect(await session()).toMatchObject({ state: 'idle', ping: null });
  const after = await setPing(`json(response, { status: 'Healthy' })`);
  expect(Number(after['n']) - Number(before['n'])).toBeLessThanOrEqual(2);
});
