import { expect, test } from 'vitest';
import type { EmulatorOptions } from '../../../../emulator/options.ts';
import type { ClockReading } from '../../../../src/shared/emulator.ts';
import { eventually } from '../../../support/eventually.ts';
import { serverAgent, useAgent } from '../../../support/agents.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';

const id = { runtimeSessionId: sessionId('a') };

/** Answers /ping by the code that it was sent last; `seconds` is the time at which it was sent. */
const obedientAgent = serverAgent(
  `if (url === '/invocations') {
     seconds = Math.floor(Date.now() / 1000);
     answer = new Function('response', 'json', 'seconds', 'n', String(body));
     return json(response, { n });
   }
   n += 1;
   if (url === '/ping') return answer(response, json, seconds, n);`,
  `let seconds, n = 0, answer = (response, json) => json(response, { status: 'Healthy' });`,
);

async function useObedient(options: Partial<EmulatorOptions> = {}) {
  const emulator = await useEmulator({
    agents: [await useAgent(obedientAgent)],
    pingInterval: 0.05,
    ...options,
  });
  return {
    ...emulator,
    obey: (code: string) => emulator.invoke({ ...id, payload: code }),
    session: async () => (await emulator.sessions())[0]!,
    turnClock: (advanceSeconds: number) => emulator.admin('/clock', { advanceSeconds }),
    notes: async () =>
      (await emulator.timeline(id.runtimeSessionId)).flatMap((entry) =>
        entry.type === 'note' ? [entry.message] : [],
      ),
  };
}

const busy = (time: string) =>
  `json(response, { status: 'HealthyBusy', time_of_last_update: ${time} })`;

test('busy with whole seconds lives to its longest lifetime, and nothing is said against it', async () => {
  const { obey, session, turnClock, notes } = await useObedient();
  await obey(busy('seconds'));
  await eventually(async () => expect((await session()).ping?.status).toBe('HealthyBusy'));
  await turnClock(28_000);
  expect(await session()).toMatchObject({ state: 'active', idleDeadline: null });
  expect(await notes()).toEqual([]);
  await turnClock(800);
  expect(await session()).toMatchObject({ state: 'terminated', reason: 'max-lifetime' });
});

test('a ping that changes just before an advance counts from the time before it', async () => {
  const { obey, session, turnClock, admin } = await useObedient({ pingInterval: 3_600 });
  await obey(busy('seconds'));
  await turnClock(3_600);
  expect(await session()).toMatchObject({ state: 'active', idleDeadline: null });
  await obey(`json(response, { status: 'Healthy' })`);
  await turnClock(300);
  await expectSecondsLeft(600);
  await obey(`json(response, { status: 'Healthy' })`);
  await expectSecondsLeft(900);
  await turnClock(1_000);
  expect(await session()).toMatchObject({ state: 'terminated', reason: 'idle-timeout' });

  /** Real time counts as well, and a loaded machine needs some. */
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
  ['new Date(0).toISOString()', 'with "1970-01-01T00:00:00.000Z" for time_of_last_update'],
  ['seconds + 0.5', 'with \\d+\\.5 for time_of_last_update'],
])(
  'busy with %s for a time is killed as idle, which is said before and after',
  async (time, words) => {
    const { obey, session, turnClock, notes, log } = await useObedient();
    await obey(busy(time));
    await eventually(async () => expect(await notes()).toHaveLength(1));
    const { state, idleDeadline } = await session();
    expect(state).toBe('idle');
    const [warning] = await notes();
    expect(warning).toMatch(
      new RegExp(`/ping says HealthyBusy ${words}.*send time_of_last_update`),
    );
    expect(warning).toContain(`will be killed at ${idleDeadline}, as AWS kills it`);
    await turnClock(901);
    expect(await session()).toMatchObject({ state: 'terminated', reason: 'idle-timeout' });
    expect(await notes()).toEqual([
      warning,
      expect.stringMatching(new RegExp(`killed as idle while its agent said HealthyBusy ${words}`)),
    ]);
    expect(log.filter((line) => line.includes('HealthyBusy'))).toEqual(
      (await notes()).map((note) => `Agent a-000000: ${note}`),
    );
  },
);

test('a healthy time that advances with every ping is never killed as idle, which is said', async () => {
  const { obey, session, turnClock, notes } = await useObedient();
  await obey(`json(response, { status: 'Healthy', time_of_last_update: 1700000000 + n })`);
  await eventually(async () => expect(await notes()).toHaveLength(1));
  const { maxDeadline } = await session();
  expect((await notes())[0]).toMatch(/has advanced \d+ times in a row.*never killed as idle/);
  expect((await notes())[0]).toContain(`will run until ${maxDeadline}, as in AWS`);
  await turnClock(28_000);
  expect(await session()).toMatchObject({ state: 'idle' });
  await turnClock(800);
  expect(await session()).toMatchObject({ state: 'terminated', reason: 'max-lifetime' });
});

test('a healthy time that changed once moves the idle end to that moment, and then stands still', async () => {
  const { obey, session, turnClock, notes } = await useObedient();
  await obey(`json(response, { status: 'Healthy', time_of_last_update: seconds })`);
  await eventually(async () => expect((await session()).ping?.timeOfLastUpdate).not.toBeNull());
  await turnClock(901);
  expect(await session()).toMatchObject({ state: 'terminated', reason: 'idle-timeout' });
  expect(await notes()).toEqual([]);
});

test.each([
  ['milliseconds', 'Date.now()', /too large for seconds/],
  ['a time to come', 'seconds + 86400', /which is still to come/],
])('%s for a time are said', async (_, time, words) => {
  const { obey, notes } = await useObedient();
  await obey(`json(response, { status: 'Healthy', time_of_last_update: ${time} })`);
  await eventually(async () => expect((await notes()).join('\n')).toMatch(words));
});

test.each([
  ['404', `response.writeHead(404).end()`, /status 404, not 200/],
  ['503', `response.writeHead(503).end()`, /status 503, not 200/],
  ['text', `response.end('fine')`, /which is not JSON/],
  ['no status', `json(response, {})`, /has no "status"/],
  ['Unhealthy', `json(response, { status: 'Unhealthy' })`, /the status "Unhealthy"/],
])(
  'an agent that goes on answering %s is stopped as unhealthy after ten seconds',
  async (_, answer, words) => {
    const { obey, session, turnClock, timeline, notes } = await useObedient();
    await obey(answer);
    await eventually(async () => expect((await notes()).join()).toMatch(words));
    expect(await session()).toMatchObject({ state: 'idle', ping: null });
    await turnClock(10);
    await eventually(async () =>
      expect(await session()).toMatchObject({ state: 'terminated', reason: 'unhealthy' }),
    );
    expect(await timeline(id.runtimeSessionId)).toContainEqual(
      expect.objectContaining({ to: 'terminating', cause: expect.stringMatching(words) }),
    );
  },
);

test('an agent that is healthy again in time is not stopped', async () => {
  const { obey, session, turnClock, notes } = await useObedient();
  await obey(`response.writeHead(503).end()`);
  await eventually(async () => expect(await notes()).toHaveLength(1));
  await obey(`json(response, { status: 'Healthy' })`);
  await eventually(async () => expect((await session()).ping?.status).toBe('Healthy'));
  await turnClock(60);
  await obey(`response.writeHead(503).end()`);
  await eventually(async () => expect(await notes()).toHaveLength(2));
  expect(await session()).toMatchObject({ state: 'idle' });
});

test('busy work that no longer answers pings idles from its last answer on, and an answer takes that back', async () => {
  const { obey, session, turnClock, notes } = await useObedient();
  await obey(busy('seconds'));
  await eventually(async () => expect((await session()).state).toBe('active'));
  await obey(`response.destroy()`);
  await eventually(async () =>
    expect(await session()).toMatchObject({ state: 'idle', ping: null }),
  );
  expect((await notes())[0]).toMatch(/\/ping failed: /);
  await turnClock(800);
  expect((await session()).state).toBe('idle');
  await obey(busy('seconds'));
  await eventually(async () => expect((await session()).state).toBe('active'));
  await turnClock(7_200);
  expect((await session()).state).toBe('active');
  await obey(`response.destroy()`);
  await eventually(async () => expect((await session()).state).toBe('idle'));
  await turnClock(901);
  expect(await session()).toMatchObject({ state: 'terminated', reason: 'idle-timeout' });
});

test('a ping that hangs is not asked again meanwhile, and ends nothing', async () => {
  const { obey, session, notes } = await useObedient();
  const before = await obey(`return`);
  await eventually(async () =>
    expect((await notes())[0]).toMatch(/\/ping gave no answer within 5 s/),
  );
  expect(await session()).toMatchObject({ state: 'idle', ping: null });
  const after = await obey(`json(response, { status: 'Healthy' })`);
  expect(Number(after['n']) - Number(before['n'])).toBeLessThanOrEqual(2);
});
