import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  initialLife,
  next,
  type SessionLife,
  type LifecycleEvent,
} from '../../../../emulator/services/runtime/lifecycle.ts';
import type { PingAnswer } from '../../../../emulator/services/runtime/ping.ts';
import {
  explainIdleEnd,
  emptyPingHistory,
  checkPingContract,
} from '../../../../emulator/services/runtime/pingHazards.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const seconds = start / 1000;
const limits = { idleTimeout: 900_000, maxLifetime: 28_800_000 };

const ping = (
  status: PingAnswer['status'],
  timeOfLastUpdate: PingAnswer['timeOfLastUpdate'] = null,
): PingAnswer => ({ status, timeOfLastUpdate });

/** A session that is idle since its first second. */
function idleLife(answer: PingAnswer): SessionLife {
  return [
    { type: 'ready', at: start, answer } as const,
    { type: 'request-ended', at: start + 1_000 } as const,
  ].reduce(next, initialLife(start, limits));
}

/** What is told of a session whose pings come every two seconds. */
function told(answers: readonly PingAnswer[], between: readonly LifecycleEvent['type'][] = []) {
  let life = idleLife(answers[0]!);
  let watch = emptyPingHistory;
  const hazards: string[] = [];
  for (const [index, answer] of answers.entries()) {
    const at = start + 2_000 * (index + 1);
    for (const type of between) life = next(life, { type, at } as LifecycleEvent);
    life = next(life, { type: 'pinged', at, answer });
    const seen = checkPingContract(watch, life, at);
    watch = seen.history;
    hazards.push(...seen.hazards);
  }
  return hazards;
}

const advancing = (status: PingAnswer['status'], count: number) =>
  Array.from({ length: count }, (_, index) => ping(status, seconds + 2 * index));

test.each<[string, PingAnswer[], string[]]>([
  ['healthy without a time', [ping('Healthy'), ping('Healthy')], []],
  ['healthy with a time that stands still', Array(9).fill(ping('Healthy', seconds)), []],
  ['busy with a time that stands still', Array(9).fill(ping('HealthyBusy', seconds)), []],
  [
    'busy without a time, once however often it is said',
    Array(9).fill(ping('HealthyBusy')),
    [
      '/ping says HealthyBusy without time_of_last_update: the session counts as idle and will be killed at 2026-01-01T00:15:01.000Z, as AWS kills it; send time_of_last_update as whole Unix seconds',
    ],
  ],
  [
    'busy with an ISO string',
    [ping('HealthyBusy', '"2026-01-01T00:00:00Z"')],
    [
      '/ping says HealthyBusy with "2026-01-01T00:00:00Z" for time_of_last_update, which is no whole number: the session counts as idle and will be killed at 2026-01-01T00:15:01.000Z, as AWS kills it; send time_of_last_update as whole Unix seconds',
    ],
  ],
  ...(['Healthy', 'HealthyBusy'] as const).flatMap((status): [string, PingAnswer[], string[]][] => [
    [
      `${status} with a time that advances with four pings in a row`,
      advancing(status, 4),
      [
        'the time_of_last_update of /ping has advanced 3 times in a row without a change of status: the session is never killed as idle and will run until 2026-01-01T08:00:00.000Z, as in AWS; send the time of the last change of status, not that of the ping',
      ],
    ],
    [
      `${status} with a time that advances with three, which may be chance`,
      advancing(status, 3),
      [],
    ],
  ]),
  [
    'a time that advances because the status changes',
    Array.from({ length: 9 }, (_, index) =>
      ping(index % 2 === 0 ? 'Healthy' : 'HealthyBusy', seconds + index),
    ),
    [],
  ],
  [
    'milliseconds',
    [ping('Healthy', start), ping('Healthy', start)],
    [
      `/ping says ${start} for time_of_last_update, which is too large for seconds; send whole Unix seconds (milliseconds divided by 1000)`,
    ],
  ],
  ['a clock that is half a minute ahead', [ping('Healthy', seconds + 30)], []],
  [
    'a time to come',
    [ping('Healthy', seconds + 3_600)],
    [
      `/ping says ${seconds + 3_600} for time_of_last_update, which is still to come (2026-01-01T01:00:00.000Z); send the time of the last change of status, in whole Unix seconds`,
    ],
  ],
])('what is told of %s', (_, answers, hazards) => {
  expect(told(answers)).toEqual(hazards);
});

test('a time that advances with the invocations between the pings is no hazard', () => {
  expect(told(advancing('Healthy', 9), ['request-began', 'request-ended'])).toEqual([]);
});

test('while a request is in flight, a busy agent without a time is told how long it has after that', () => {
  const life = next(idleLife(ping('HealthyBusy')), { type: 'request-began', at: start + 2_000 });
  expect(checkPingContract(emptyPingHistory, life, start).hazards).toEqual([
    expect.stringMatching(/will be killed 900 s after its last invocation, as AWS kills it/),
  ]);
});

test.each([
  [ping('HealthyBusy'), /said HealthyBusy without time_of_last_update, as AWS kills it; send/],
  [ping('HealthyBusy', '1.5'), /with 1\.5 for time_of_last_update, which is no whole number/],
])('an idle end of an agent whose last ping was %j is explained', (answer, words) => {
  const life = idleLife(answer);
  expect(explainIdleEnd(life)).toBeNull();
  expect(explainIdleEnd(next(life, { type: 'due', at: start + 901_000 }))).toMatch(words);
  const stopped = next(life, { type: 'end', at: start + 2_000, reason: 'stopped' });
  expect(explainIdleEnd(stopped)).toBeNull();
});

test('an idle end of an agent that was healthy needs no explanation', () => {
  const life = next(idleLife(ping('Healthy', seconds)), { type: 'due', at: start + 901_000 });
  expect([life.reason, explainIdleEnd(life)]).toEqual(['idle-timeout', null]);
});

test('whatever an agent answers, each hazard is told at most once', () => {
  const answer = fc.record({
    status: fc.constantFrom('Healthy' as const, 'HealthyBusy' as const),
    timeOfLastUpdate: fc.oneof(fc.maxSafeInteger(), fc.constant(null), fc.constant('"x"')),
  });
  fc.assert(
    fc.property(fc.array(answer, { minLength: 1, maxLength: 30 }), (answers) => {
      expect(told(answers).length).toBeLessThanOrEqual(4);
    }),
  );
});
