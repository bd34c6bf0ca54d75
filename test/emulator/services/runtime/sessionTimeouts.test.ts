import { expect, test } from 'vitest';
import { resolveSessionTimeouts } from '../../../../emulator/services/runtime/sessionTimeouts.ts';

test.each([
  ['nothing is set', {}, {}, 900, 28_800],
  ['the agent sets both', { idleRuntimeSessionTimeout: 60, maxLifetime: 120 }, {}, 60, 120],
  ['the agent has a short lifetime', { maxLifetime: 300 }, {}, 300, 300],
  ['the agent has a long idle timeout', { idleRuntimeSessionTimeout: 7_200 }, {}, 7_200, 28_800],
  ['the options set both', {}, { idleTimeout: 5, maxLifetime: 10 }, 5, 10],
  ['the options set a short lifetime', {}, { maxLifetime: 30 }, 30, 30],
  [
    'the options override the agent',
    { idleRuntimeSessionTimeout: 60, maxLifetime: 120 },
    { idleTimeout: 5 },
    5,
    120,
  ],
  [
    'the options set a lifetime below the agent’s idle timeout',
    { idleRuntimeSessionTimeout: 60, maxLifetime: 120 },
    { maxLifetime: 30 },
    30,
    30,
  ],
  [
    'the options set an idle timeout above the agent’s lifetime',
    { maxLifetime: 120 },
    { idleTimeout: 500 },
    120,
    120,
  ],
])('Session timeouts are resolved when %s', (_, agent, options, idle, max) => {
  expect(resolveSessionTimeouts(agent, options)).toEqual({
    idleTimeout: idle * 1000,
    maxLifetime: max * 1000,
  });
});
