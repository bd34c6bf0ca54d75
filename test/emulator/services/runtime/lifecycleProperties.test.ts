import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  deadlines,
  IllegalTransition,
  next,
  acceptsRequests,
  type SessionLife,
  type LifecycleEvent,
} from '../../../../emulator/services/runtime/lifecycle.ts';
import {
  after,
  began,
  due,
  ended,
  gone,
  limits,
  pinged,
  ready,
  stopped,
  unanswered,
  unhealthy,
} from './lifecycleEvents.ts';

const busySeconds = fc.nat(50).map((time) => 1_700_000_000 + time);

const anyEvent: fc.Arbitrary<(at: number) => LifecycleEvent> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(began, ended, due) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom('Healthy' as const, 'HealthyBusy' as const),
        fc.option(fc.oneof(busySeconds, fc.constant('"x"'))),
      )
      .map(
        ([status, time]) =>
          (at: number) =>
            pinged(at, status, time),
      ),
  },
  { weight: 2, arbitrary: fc.constantFrom(unanswered, unhealthy) },
  { weight: 1, arbitrary: fc.constantFrom(ready, stopped, gone) },
);

/** Checks a property at each step of random life cycles, half of which start ready. */
function checkEveryStep(
  property: (before: SessionLife, event: LifecycleEvent, after: SessionLife) => void,
): void {
  const steps = fc.array(fc.tuple(anyEvent, fc.oneof(fc.nat(20_000), fc.nat(3_000_000))), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(fc.boolean(), steps, (isReady, events) => {
      let life = isReady ? after(ready(0)) : after();
      let at = 0;
      for (const [createEvent, delay] of events) {
        at += delay;
        const before = life;
        const event = createEvent(at);
        try {
          life = next(life, event);
        } catch (error) {
          expect(error).toBeInstanceOf(IllegalTransition);
        }
        property(before, event, life);
      }
    }),
    { numRuns: 500 },
  );
}

test('A session never returns to an earlier state, and its end reason is final', () => {
  const order = ['starting', 'active', 'idle', 'terminating', 'terminated'];
  const stage = (life: SessionLife) => (acceptsRequests(life) ? 1 : order.indexOf(life.state));
  checkEveryStep((before, _, life) => {
    expect(stage(life)).toBeGreaterThanOrEqual(stage(before));
    expect(life.reason === null).toBe(stage(life) <= 1);
    if (before.reason !== null) expect(life.reason).toBe(before.reason);
  });
});

test('After the end, only the number of operations in flight changes', () => {
  checkEveryStep((before, event, life) => {
    expect(life.requests).toBeGreaterThanOrEqual(0);
    if (before.state !== 'terminated') return;
    const requests = event.type === 'request-ended' ? before.requests - 1 : before.requests;
    expect(life).toEqual({ ...before, requests: Math.max(0, requests) });
  });
});

test('The maximum lifetime never moves', () => {
  checkEveryStep((_, event, life) => {
    expect(deadlines(life).max).toBe(limits.maxLifetime);
    if (event.type === 'due' && event.at >= limits.maxLifetime)
      expect(acceptsRequests(life)).toBe(false);
  });
});

test('A busy session has no idle deadline, and an idle session has one in time', () => {
  checkEveryStep((_, event, life) => {
    const { idle } = deadlines(life);
    const isBusy =
      life.ping?.status === 'HealthyBusy' && typeof life.ping.timeOfLastUpdate === 'number';
    if (!acceptsRequests(life)) return expect(idle).toBeNull();
    if (life.requests > 0 || isBusy) return expect(life.state).toBe('active');
    expect(life.state).toBe('idle');
    expect(idle).toBeGreaterThanOrEqual(life.lastActivityAt + limits.idleTimeout);
    expect(idle).toBeLessThanOrEqual(event.at + limits.idleTimeout);
  });
});

test('Time ends a session at its deadlines and not earlier', () => {
  checkEveryStep((before, event, life) => {
    if (event.type !== 'due' || !acceptsRequests(before)) return;
    const { idle, max } = deadlines(before);
    const expected =
      max <= event.at ? 'max-lifetime' : idle !== null && idle <= event.at ? 'idle-timeout' : null;
    expect(life.reason).toBe(expected);
  });
});

test('Pings only end a session that is unhealthy', () => {
  checkEveryStep((before, event, life) => {
    const isPing = event.type.startsWith('ping');
    const allowed =
      event.type === 'ping-unhealthy' ? [before.reason, 'unhealthy'] : [before.reason];
    expect(isPing ? allowed : [life.reason]).toContain(life.reason);
  });
});
