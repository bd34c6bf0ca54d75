import { createClock, type RealTime } from '../emulator/clock.ts';
import { newSessionId, withEmulator } from './emulator.ts';
import { measurePairs, quantiles } from './pairs.ts';
import { withMinimalProject } from './project.ts';
import type { Row } from './table.ts';

const PAYLOAD = JSON.stringify({ prompt: 'fixedTime there?' });
const SESSIONS = 100;

/** Measures the cost of many concurrent sessions. */
export async function manySessionsRows(): Promise<Row[]> {
  return [await invocationAmongMany(), await tickOfMany()];
}

/** Measures invocations of one session among a hundred, against a single one. */
async function invocationAmongMany(): Promise<Row> {
  const times = await withMinimalProject(({ folder }) =>
    withEmulator(folder, async (many) => {
      const ids = Array.from({ length: SESSIONS }, newSessionId);
      for (const id of ids) await many.invoke(id, PAYLOAD);
      return withEmulator(folder, async (single) => {
        const id = newSessionId();
        await single.invoke(id, PAYLOAD);
        return measurePairs(
          { warmUp: 200, count: 1_000 },
          {
            ours: async () => (await many.invoke(ids[0]!, PAYLOAD)).total,
            reference: async () => (await single.invoke(id, PAYLOAD)).total,
          },
        );
      });
    }),
  );
  return {
    measurement: `warm invocation, ${SESSIONS} sessions alive / one alive`,
    unit: 'ms',
    ...quantiles(times),
    bar: null,
  };
}

/** Time that only advances move. */
const fixedTime: RealTime = { now: () => 0, sleep: () => () => {}, every: () => () => {} };

/** Measures a thousand consecutive deadlines among many later ones. */
async function tickOfMany(): Promise<Row> {
  const tick = (sleepers: number) => async (): Promise<number> => {
    const clock = createClock({ real: fixedTime });
    for (let index = 0; index < sleepers; index += 1) clock.at(1e9 + index, () => {});
    const began = performance.now();
    for (let turn = 1; turn <= 1_000; turn += 1) {
      clock.at(turn, () => {});
      await clock.advance(1);
    }
    return performance.now() - began;
  };
  const times = await measurePairs(
    { warmUp: 3, count: 15 },
    { ours: tick(10_000), reference: tick(100) },
  );
  return {
    measurement: '1,000 deadlines among 10,000 sleeping sessions / among 100',
    unit: 'ms',
    ...quantiles(times),
    bar: { of: 'ratio', atMost: 1.5 },
  };
}
