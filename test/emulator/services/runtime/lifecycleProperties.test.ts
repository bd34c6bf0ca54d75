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

/** Each step of a random life, from a session that is ready in most of them. */
function everyStep(
  law: (before: SessionLife, event: LifecycleEvent, after: SessionLife) => void,
): void {
  const steps = fc.array(fc.tuple(anyEvent, fc.oneof(fc.nat(20_000), fc.nat(3_000_000))), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(fc.boolean(), steps, (isReady, events) => {
      let life = isReady ? after(ready(0)) : after();
      let at = 0;
      for (const [make, later] of events) {
        at += later;
        const before = life;
        const event = make(at);
        try {
          life = next(life, event);
        } catch (error) {
          expect(error).toBeInstanceOf(IllegalTransition);
        }
        law(before, event, life);
      }
    }),
    { numRuns: 500 },
  );
}

test('in any order of events a session only grows older, and has one reason from its end on', () => {
  const order = ['starting', 'active', 'idle', 'terminating', 'terminated'];
  const age = (life: SessionLife) => (acceptsRequests(life) ? 1 : order.indexOf(life.state));
  everyStep((before, _, life) => {
    expect(age(life)).toBeGreaterThanOrEqual(age(before));
    expect(life.reason === null).toBe(age(life) <= 1);
    if (before.reason !== null) expect(life.reason).toBe(before.reason);
  });
});

test('in any order of events nothing happens after the end but that its operations are counted out', () => {
  everyStep((before, event, life) => {
    expect(life.requests).toBeGreaterThanOrEqual(0);
    if (before.state !== 'terminated') return;
    const requests = event.type === 'request-ended' ? before.requests - 1 : before.requests;
    expect(life).toEqual({ ...before, requests: Math.max(0, requests) });
  });
});

test('in any order of events the longest lifetime stands where it stood at the start', () => {
  everyStep((_, event, life) => {
    expect(deadlines(life).max).toBe(limits.maxLifetime);
    if (event.type === 'due' && event.at >= limits.maxLifetime)
      expect(acceptsRequests(life)).toBe(false);
  });
});

test('in any order of events a session that works has no idle end, one that does not has one in time', () => {
  everyStep((_, event, life) => {
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

test('in any order of events time ends a session at its deadlines and not before', () => {
  everyStep((before, event, life) => {
    if (event.type !== 'due' || !acceptsRequests(before)) return;
    const { idle, max } = deadlines(before);
    const expected =
      max <= event.at ? 'max-lifetime' : idle !== null && idle <= event.at ? 'idle-timeout' : null;
    expect(life.reason).toBe(expected);
  });
});

test('in any order of events pings end no session but one that says it is unhealthy', () => {
  everyStep((before, event, life) => {
    const isPing = event.type.startsWith('ping');
    const allowed =
      event.type === 'ping-unhealthy' ? [before.reason, 'unhealthy'] : [before.reason];
    expect(isPing ? allowed : [life.reason]).toContain(life.reason);
  });
});
