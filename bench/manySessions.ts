import { manyDeadlinesRow } from './internals/manyDeadlines.ts';
import { newSessionId, withEmulator } from './emulator.ts';
import { measurePairs, quantiles } from './pairs.ts';
import { withMinimalProject } from './project.ts';
import type { Row } from './table.ts';

const PAYLOAD = JSON.stringify({ prompt: 'Still there?' });
const SESSIONS = 100;

/** Measures the cost of many concurrent sessions. */
export async function manySessionsRows(): Promise<Row[]> {
  return [await invocationAmongMany(), await manyDeadlinesRow()];
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
