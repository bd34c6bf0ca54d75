import { createClock, type RealTime } from '../../emulator/clock.ts';
import { measurePairs, quantiles } from '../pairs.ts';
import type { Row } from '../table.ts';

/** Time that only advances move. */
const fixedTime: RealTime = { now: () => 0, sleep: () => () => {}, every: () => () => {} };

/** Measures a thousand consecutive deadlines among many later ones. */
export async function manyDeadlinesRow(): Promise<Row> {
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
