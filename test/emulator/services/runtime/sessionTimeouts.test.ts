import { expect, test } from 'vitest';
import { resolveSessionTimeouts } from '../../../../emulator/services/runtime/sessionTimeouts.ts';

test.each([
  ['nothing is said', {}, {}, 900, 28_800],
  ['the agent says both', { idleRuntimeSessionTimeout: 60, maxLifetime: 120 }, {}, 60, 120],
  ['the agent lives shortly', { maxLifetime: 300 }, {}, 300, 300],
  ['the agent idles long', { idleRuntimeSessionTimeout: 7_200 }, {}, 7_200, 28_800],
  ['the emulator is told both', {}, { idleTimeout: 5, maxLifetime: 10 }, 5, 10],
  ['the emulator is told to end early', {}, { maxLifetime: 30 }, 30, 30],
  [
    'the emulator is told against the agent',
    { idleRuntimeSessionTimeout: 60, maxLifetime: 120 },
    { idleTimeout: 5 },
    5,
    120,
  ],
  [
    'the emulator is told a shorter life than the agent idles',
    { idleRuntimeSessionTimeout: 60, maxLifetime: 120 },
    { maxLifetime: 30 },
    30,
    30,
  ],
  [
    'the emulator is told to idle longer than the agent lives',
    { maxLifetime: 120 },
    { idleTimeout: 500 },
    120,
    120,
  ],
])('how long a session lives where %s', (_, agent, told, idle, max) => {
  expect(resolveSessionTimeouts(agent, told)).toEqual({
    idleTimeout: idle * 1000,
    maxLifetime: max * 1000,
  });
});
