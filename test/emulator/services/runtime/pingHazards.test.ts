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

/** A session that has been idle since its first second. */
function idleLife(answer: PingAnswer): SessionLife {
  return [
    { type: 'ready', at: start, answer } as const,
    { type: 'request-ended', at: start + 1_000 } as const,
  ].reduce(next, initialLife(start, limits));
}

/** The hazards of a session with these pings, two seconds apart. */
function findHazards(
  answers: readonly PingAnswer[],
  between: readonly LifecycleEvent['type'][] = [],
) {
  let life = idleLife(answers[0]!);
  let history = emptyPingHistory;
  const hazards: string[] = [];
  for (const [index, answer] of answers.entries()) {
    const at = start + 2_000 * (index + 1);
    for (const type of between) life = next(life, { type, at } as LifecycleEvent);
    life = next(life, { type: 'pinged', at, answer });
    const check = checkPingContract(history, life, at);
    history = check.history;
    hazards.push(...check.hazards);
  }
  return hazards;
}

const advancing = (status: PingAnswer['status'], count: number) =>
  Array.from({ length: count }, (_, index) => ping(status, seconds + 2 * index));

test.each<[string, PingAnswer[], string[]]>([
  ['Healthy without a time', [ping('Healthy'), ping('Healthy')], []],
  ['Healthy with a constant time', Array(9).fill(ping('Healthy', seconds)), []],
  ['HealthyBusy with a constant time', Array(9).fill(ping('HealthyBusy', seconds)), []],
  [
    'HealthyBusy without a time, once',
    Array(9).fill(ping('HealthyBusy')),
    [
      '/ping returned HealthyBusy without time_of_last_update. The session counts as idle and will time out at 2026-01-01T00:15:01.000Z, as in AWS. Send time_of_last_update as whole Unix seconds.',
    ],
  ],
  [
    'HealthyBusy with an ISO string',
    [ping('HealthyBusy', '"2026-01-01T00:00:00Z"')],
    [
      '/ping returned HealthyBusy with time_of_last_update "2026-01-01T00:00:00Z", which is not a whole number. The session counts as idle and will time out at 2026-01-01T00:15:01.000Z, as in AWS. Send time_of_last_update as whole Unix seconds.',
    ],
  ],
  ...(['Healthy', 'HealthyBusy'] as const).flatMap((status): [string, PingAnswer[], string[]][] => [
    [
      `${status} with a time that advances in four pings`,
      advancing(status, 4),
      [
        'The time_of_last_update of /ping advanced 3 times in a row without a change of status. The session never times out as idle and will run until 2026-01-01T08:00:00.000Z, as in AWS. Send the time of the last change of status, not the time of the ping.',
      ],
    ],
    [`${status} with a time that advances in three pings`, advancing(status, 3), []],
  ]),
  [
    'a time that advances with the status',
    Array.from({ length: 9 }, (_, index) =>
      ping(index % 2 === 0 ? 'Healthy' : 'HealthyBusy', seconds + index),
    ),
    [],
  ],
  [
    'milliseconds',
    [ping('Healthy', start), ping('Healthy', start)],
    [
      `/ping returned time_of_last_update ${start}, which is too large for seconds. Send whole Unix seconds (milliseconds divided by 1000).`,
    ],
  ],
  ['a clock 30 seconds ahead', [ping('Healthy', seconds + 30)], []],
  [
    'a future time',
    [ping('Healthy', seconds + 3_600)],
    [
      `/ping returned time_of_last_update ${seconds + 3_600}, which is in the future (2026-01-01T01:00:00.000Z). Send the time of the last change of status in whole Unix seconds.`,
    ],
  ],
])('The hazards of pings with %s are reported', (_, answers, hazards) => {
  expect(findHazards(answers)).toEqual(hazards);
});

test('A time that advances with invocations between pings is not a hazard', () => {
  expect(findHazards(advancing('Healthy', 9), ['request-began', 'request-ended'])).toEqual([]);
});

test('During a request, the hazard names the idle timeout after it', () => {
  const life = next(idleLife(ping('HealthyBusy')), { type: 'request-began', at: start + 2_000 });
  expect(checkPingContract(emptyPingHistory, life, start).hazards).toEqual([
    expect.stringMatching(/will time out 900 s after its last invocation, as in AWS/),
  ]);
});

test.each([
  [
    ping('HealthyBusy'),
    /reported HealthyBusy without time_of_last_update\. AWS does the same\. Send/,
  ],
  [ping('HealthyBusy', '1.5'), /with time_of_last_update 1\.5, which is not a whole number/],
])('The idle timeout of an agent whose last ping was %j is explained', (answer, explanation) => {
  const life = idleLife(answer);
  expect(explainIdleEnd(life)).toBeNull();
  expect(explainIdleEnd(next(life, { type: 'due', at: start + 901_000 }))).toMatch(explanation);
  const stopped = next(life, { type: 'end', at: start + 2_000, reason: 'stopped' });
  expect(explainIdleEnd(stopped)).toBeNull();
});

test('The idle timeout of a healthy agent needs no explanation', () => {
  const life = next(idleLife(ping('Healthy', seconds)), { type: 'due', at: start + 901_000 });
  expect([life.reason, explainIdleEnd(life)]).toEqual(['idle-timeout', null]);
});

test('Each hazard is reported at most once', () => {
  const answer = fc.record({
    status: fc.constantFrom('Healthy' as const, 'HealthyBusy' as const),
    timeOfLastUpdate: fc.oneof(fc.maxSafeInteger(), fc.constant(null), fc.constant('"x"')),
  });
  fc.assert(
    fc.property(fc.array(answer, { minLength: 1, maxLength: 30 }), (answers) => {
      expect(findHazards(answers).length).toBeLessThanOrEqual(4);
    }),
  );
});
