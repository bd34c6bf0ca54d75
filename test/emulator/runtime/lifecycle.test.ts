import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  born,
  deadlines,
  IllegalTransition,
  next,
  serves,
  type Life,
  type LifeEvent,
} from '../../../emulator/runtime/lifecycle.ts';
import type { PingAnswer } from '../../../emulator/runtime/ping.ts';

const limits = { idleTimeout: 900_000, maxLifetime: 28_800_000 };
const healthy: PingAnswer = { status: 'Healthy', timeOfLastUpdate: null };

const after = (...events: LifeEvent[]): Life => events.reduce(next, born(0, limits));
const ready = (at: number, answer = healthy): LifeEvent => ({ type: 'ready', at, answer });
const began = (at: number): LifeEvent => ({ type: 'request-began', at });
const ended = (at: number): LifeEvent => ({ type: 'request-ended', at });
const due = (at: number): LifeEvent => ({ type: 'due', at });
const pinged = (
  at: number,
  status: PingAnswer['status'],
  timeOfLastUpdate: PingAnswer['timeOfLastUpdate'] = null,
): LifeEvent => ({ type: 'pinged', at, answer: { status, timeOfLastUpdate } });

test('a session starts with the request that needed it, and is active once the agent is ready', () => {
  expect(after()).toMatchObject({ state: 'starting', requests: 1 });
  expect(after(ready(5))).toMatchObject({ state: 'active', requests: 1 });
  expect(after(ready(5), ended(10))).toMatchObject({ state: 'idle', lastActivityAt: 10 });
});

test('the idle end counts from the end of the last request', () => {
  const life = after(ready(5), ended(10), began(100), ended(200));
  expect(deadlines(life)).toEqual({ idle: 900_200, max: 28_800_000 });
  expect(next(life, due(900_199)).state).toBe('idle');
  expect(next(life, due(900_200))).toMatchObject({ state: 'terminating', reason: 'idle-timeout' });
});

test('a request in flight has no idle end', () => {
  const life = after(ready(5), due(10_000_000));
  expect(life.state).toBe('active');
  expect(deadlines(life).idle).toBeNull();
});

test('the longest lifetime counts from the start, and requests do not move it', () => {
  const life = after(ready(5), ended(10), began(28_799_999));
  expect(next(life, due(28_800_000))).toMatchObject({
    state: 'terminating',
    reason: 'max-lifetime',
  });
});

test('busy with whole Unix seconds keeps a session alive to its longest lifetime', () => {
  const life = after(ready(5), ended(10), pinged(20, 'HealthyBusy', 1_700_000_000));
  expect(life.state).toBe('active');
  expect(next(life, due(20_000_000)).state).toBe('active');
  expect(next(life, due(28_800_000)).reason).toBe('max-lifetime');
});

test.each([[null], ['"2026-01-01T00:00:00Z"']])(
  'busy with %s for time_of_last_update does not keep it alive, as measured on AWS',
  (time) => {
    const life = after(ready(5), ended(10), pinged(600_000, 'HealthyBusy', time));
    expect(life.state).toBe('idle');
    expect(deadlines(life).idle).toBe(900_010);
  },
);

test('a healthy timestamp that advances with every ping keeps the idle end away', () => {
  const life = after(
    ready(5, { status: 'Healthy', timeOfLastUpdate: 100 }),
    ended(10),
    pinged(800_000, 'Healthy', 101),
  );
  expect(deadlines(life).idle).toBe(1_700_000);
});

test('a healthy timestamp that stands still does not', () => {
  const life = after(
    ready(5, { status: 'Healthy', timeOfLastUpdate: 100 }),
    ended(10),
    pinged(800_000, 'Healthy', 100),
  );
  expect(deadlines(life).idle).toBe(900_010);
});

test('the end of background work starts the idle time anew', () => {
  const life = after(
    ready(5),
    ended(10),
    pinged(20, 'HealthyBusy', 1_700_000_000),
    pinged(5_000_000, 'Healthy', 1_700_004_980),
  );
  expect(life.state).toBe('idle');
  expect(deadlines(life).idle).toBe(5_900_000);
});

test('a machine that goes by itself has crashed; one that goes while starting has failed to start', () => {
  expect(after(ready(5), { type: 'gone', at: 9 })).toMatchObject({
    state: 'terminated',
    reason: 'crashed',
  });
  expect(after({ type: 'gone', at: 9 })).toMatchObject({ reason: 'start-failed' });
});

test('the first reason to end is the one that stays', () => {
  const life = after(
    ready(5),
    { type: 'end', at: 6, reason: 'stopped' },
    { type: 'end', at: 7, reason: 'emulator-closed' },
    { type: 'gone', at: 8 },
  );
  expect(life).toMatchObject({ state: 'terminated', reason: 'stopped' });
});

test('a session that does not serve takes no request', () => {
  expect(() => after(began(1))).toThrow(IllegalTransition);
  expect(() => after({ type: 'end', at: 6, reason: 'stopped' }, began(7))).toThrow(/terminating/);
});

const anyEvent: fc.Arbitrary<(at: number) => LifeEvent> = fc.oneof(
  fc.constantFrom(ready, began, ended, due),
  fc
    .tuple(
      fc.constantFrom('Healthy' as const, 'HealthyBusy' as const),
      fc.option(fc.oneof(fc.nat(50), fc.constant('"x"'))),
    )
    .map(
      ([status, time]) =>
        (at: number) =>
          pinged(at, status, time),
    ),
  fc.constant((at: number): LifeEvent => ({ type: 'end', at, reason: 'stopped' })),
  fc.constant((at: number): LifeEvent => ({ type: 'gone', at })),
);

test('in any order of events a session only grows older, and its end is for ever', () => {
  const order = ['starting', 'active', 'idle', 'terminating', 'terminated'];
  const age = (life: Life) => (serves(life) ? 1 : order.indexOf(life.state));
  fc.assert(
    fc.property(fc.array(fc.tuple(anyEvent, fc.nat(1_000_000))), (steps) => {
      let life = born(0, limits);
      let at = 0;
      for (const [make, later] of steps) {
        at += later;
        const before = life;
        try {
          life = next(life, make(at));
        } catch (error) {
          expect(error).toBeInstanceOf(IllegalTransition);
        }
        expect(age(life)).toBeGreaterThanOrEqual(age(before));
        expect(life.requests).toBeGreaterThanOrEqual(0);
        expect(life.reason === null).toBe(age(life) <= 1);
        if (before.reason !== null) expect(life.reason).toBe(before.reason);
        if (life.state === 'idle') expect(life.requests).toBe(0);
      }
    }),
    { numRuns: 500 },
  );
});
