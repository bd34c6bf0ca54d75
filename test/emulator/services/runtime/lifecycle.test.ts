import { expect, test } from 'vitest';
import {
  deadlines,
  IllegalTransition,
  next,
  type SessionLife,
} from '../../../../emulator/services/runtime/lifecycle.ts';
import {
  after,
  began,
  due,
  ended,
  gone,
  pinged,
  ready,
  stopped,
  unanswered,
  unhealthy,
} from './lifecycleEvents.ts';

test('A session starts with one request in flight and is active when the agent is ready', () => {
  expect(after()).toMatchObject({ state: 'starting', requests: 1 });
  expect(after(ready(5))).toMatchObject({ state: 'active', requests: 1 });
  expect(after(ready(5), ended(10))).toMatchObject({ state: 'idle', lastActivityAt: 10 });
});

test('The idle time starts at the end of the last request', () => {
  const life = after(ready(5), ended(10), began(100), ended(200));
  expect(deadlines(life)).toEqual({ idle: 900_200, max: 28_800_000 });
  expect(next(life, due(900_199)).state).toBe('idle');
  expect(next(life, due(900_200))).toMatchObject({ state: 'terminating', reason: 'idle-timeout' });
});

test('A session does not time out as idle during a request', () => {
  const life = after(ready(5), due(10_000_000));
  expect(life.state).toBe('active');
  expect(deadlines(life).idle).toBeNull();
});

test('The maximum lifetime counts from the start, and requests do not extend it', () => {
  const life = after(ready(5), ended(10), began(28_799_999));
  expect(next(life, due(28_800_000))).toMatchObject({
    state: 'terminating',
    reason: 'max-lifetime',
  });
});

test('HealthyBusy with whole Unix seconds keeps a session alive until its maximum lifetime', () => {
  const life = after(ready(5), ended(10), pinged(20, 'HealthyBusy', 1_700_000_000));
  expect(life.state).toBe('active');
  expect(next(life, due(20_000_000)).state).toBe('active');
  expect(next(life, due(28_800_000)).reason).toBe('max-lifetime');
});

test.each([[null], ['"2026-01-01T00:00:00Z"']])(
  'HealthyBusy with time_of_last_update %s does not keep it alive, as measured on AWS',
  (time) => {
    const life = after(ready(5), ended(10), pinged(600_000, 'HealthyBusy', time));
    expect(life.state).toBe('idle');
    expect(deadlines(life).idle).toBe(900_010);
  },
);

test('A healthy timestamp that advances with every ping prevents the idle timeout', () => {
  const life = after(
    ready(5, { status: 'Healthy', timeOfLastUpdate: 100 }),
    ended(10),
    pinged(800_000, 'Healthy', 101),
  );
  expect(deadlines(life).idle).toBe(1_700_000);
});

test('A constant healthy timestamp does not prevent the idle timeout', () => {
  const life = after(
    ready(5, { status: 'Healthy', timeOfLastUpdate: 100 }),
    ended(10),
    pinged(800_000, 'Healthy', 100),
  );
  expect(deadlines(life).idle).toBe(900_010);
});

test.each([[1_700_004_980], [1_700_000_000], [null]])(
  'The end of background work restarts the idle time, with time %s',
  (time) => {
    const life = after(
      ready(5),
      ended(10),
      pinged(20, 'HealthyBusy', 1_700_000_000),
      pinged(5_000_000, 'Healthy', time),
    );
    expect(life.state).toBe('idle');
    expect(deadlines(life).idle).toBe(5_900_000);
  },
);

test('The beginning and the end of a request are activity', () => {
  expect(after(ready(5), ended(10), began(100))).toMatchObject({ lastActivityAt: 100 });
  expect(after(ready(5), ended(10), began(100), ended(200))).toMatchObject({ lastActivityAt: 200 });
});

test('A machine that ends by itself has crashed, or failed to start if it was starting', () => {
  expect(after(ready(5), { type: 'gone', at: 9 })).toMatchObject({
    state: 'terminated',
    reason: 'crashed',
  });
  expect(after({ type: 'gone', at: 9 })).toMatchObject({ reason: 'start-failed' });
});

test('The first end reason is final', () => {
  const life = after(
    ready(5),
    { type: 'end', at: 6, reason: 'stopped' },
    { type: 'end', at: 7, reason: 'emulator-closed' },
    { type: 'gone', at: 8 },
  );
  expect(life).toMatchObject({ state: 'terminated', reason: 'stopped' });
});

test('A session that is starting or terminating accepts no request', () => {
  expect(() => after(began(1))).toThrow(IllegalTransition);
  expect(() => after({ type: 'end', at: 6, reason: 'stopped' }, began(7))).toThrow(/terminating/);
});

test('A session ends after ten seconds of unhealthy pings, and a healthy ping resets them', () => {
  const life = after(ready(5), ended(10), unhealthy(20_000), unhealthy(29_999));
  expect(life).toMatchObject({ state: 'idle', ping: null });
  expect(next(life, unhealthy(30_000))).toMatchObject({
    state: 'terminating',
    reason: 'unhealthy',
  });
  const recovered = next(life, pinged(29_999, 'Healthy'));
  expect(next(recovered, unhealthy(30_000)).state).toBe('idle');
  expect(next(next(recovered, unhealthy(30_000)), unhealthy(39_999)).state).toBe('idle');
});

test('Pings without a response never end a session', () => {
  const life = after(ready(5), ended(10), unanswered(20_000), unanswered(800_000));
  expect(life.state).toBe('idle');
  expect(deadlines(life).idle).toBe(900_010);
  expect(after(ready(5), unanswered(20_000), unanswered(8_000_000)).state).toBe('active');
});

test('A busy agent without ping responses becomes idle until its next busy response', () => {
  const silent = after(
    ready(5),
    ended(10),
    pinged(20, 'HealthyBusy', 1_700_000_000),
    unanswered(5_000_000),
    unanswered(5_002_000),
  );
  expect(silent).toMatchObject({ state: 'idle', ping: null });
  expect(deadlines(silent).idle).toBe(5_900_000);
  expect(next(silent, pinged(5_004_000, 'HealthyBusy', 1_700_000_000)).state).toBe('active');
});

/** A session in each state, at time 100. */
const lives = {
  starting: after(),
  active: after(ready(5)),
  busy: after(ready(5), ended(10), pinged(20, 'HealthyBusy', 1_700_000_000)),
  idle: after(ready(5), ended(10)),
  terminating: after(ready(5), ended(10), stopped(20)),
  terminated: after(ready(5), ended(10), stopped(20), gone(30)),
};

/** All events. */
const events = {
  ready: ready(100),
  began: began(100),
  ended: ended(100),
  healthy: pinged(100, 'Healthy'),
  busy: pinged(100, 'HealthyBusy', 1_700_000_000),
  'busy without timestamp': pinged(100, 'HealthyBusy'),
  unanswered: unanswered(100),
  unhealthy: unhealthy(100),
  'due early': due(100),
  'due idle': due(900_010),
  'due max': due(28_800_000),
  end: stopped(100),
  gone: gone(100),
};

// The state after each event in each state: '.' for no change, '!' for an illegal transition.
test.each`
  event                       | starting                     | active                        | busy                          | idle                          | terminating             | terminated
  ${'ready'}                  | ${'active'}                  | ${'!'}                        | ${'!'}                        | ${'!'}                        | ${'!'}                  | ${'!'}
  ${'began'}                  | ${'!'}                       | ${'active'}                   | ${'active'}                   | ${'active'}                   | ${'!'}                  | ${'!'}
  ${'ended'}                  | ${'starting'}                | ${'idle'}                     | ${'!'}                        | ${'!'}                        | ${'!'}                  | ${'!'}
  ${'healthy'}                | ${'.'}                       | ${'active'}                   | ${'idle'}                     | ${'idle'}                     | ${'.'}                  | ${'.'}
  ${'busy'}                   | ${'.'}                       | ${'active'}                   | ${'active'}                   | ${'active'}                   | ${'.'}                  | ${'.'}
  ${'busy without timestamp'} | ${'.'}                       | ${'active'}                   | ${'idle'}                     | ${'idle'}                     | ${'.'}                  | ${'.'}
  ${'unanswered'}             | ${'.'}                       | ${'active'}                   | ${'idle'}                     | ${'idle'}                     | ${'.'}                  | ${'.'}
  ${'unhealthy'}              | ${'.'}                       | ${'active'}                   | ${'idle'}                     | ${'idle'}                     | ${'.'}                  | ${'.'}
  ${'due early'}              | ${'.'}                       | ${'.'}                        | ${'.'}                        | ${'.'}                        | ${'.'}                  | ${'.'}
  ${'due idle'}               | ${'.'}                       | ${'.'}                        | ${'.'}                        | ${'terminating idle-timeout'} | ${'.'}                  | ${'.'}
  ${'due max'}                | ${'.'}                       | ${'terminating max-lifetime'} | ${'terminating max-lifetime'} | ${'terminating max-lifetime'} | ${'.'}                  | ${'.'}
  ${'end'}                    | ${'terminating stopped'}     | ${'terminating stopped'}      | ${'terminating stopped'}      | ${'terminating stopped'}      | ${'.'}                  | ${'.'}
  ${'gone'}                   | ${'terminated start-failed'} | ${'terminated crashed'}       | ${'terminated crashed'}       | ${'terminated crashed'}       | ${'terminated stopped'} | ${'.'}
`(
  'The event $event has the expected effect in every state',
  ({ event, ...expected }: Record<string, string>) => {
    const outcome = (life: SessionLife): string => {
      try {
        const { state, reason } = next(life, events[event as keyof typeof events]);
        return reason === null ? state : `${state} ${reason}`;
      } catch (error) {
        expect(error).toBeInstanceOf(IllegalTransition);
        return '!';
      }
    };
    for (const [name, life] of Object.entries(lives)) {
      const before = life.reason === null ? life.state : `${life.state} ${life.reason}`;
      expect([name, outcome(life)]).toEqual([
        name,
        expected[name] === '.' ? before : expected[name],
      ]);
      if (expected[name] === '.') {
        expect(next(life, events[event as keyof typeof events])).toEqual(life);
      }
    }
  },
);
