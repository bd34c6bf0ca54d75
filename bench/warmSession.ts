import { setTimeout as sleep } from 'node:timers/promises';
import { newSessionId, withEmulator, type MeasuredEmulator } from './emulator.ts';
import { startBare } from './newSession.ts';
import { measurePairs, quantiles, type Pairs } from './pairs.ts';
import { sample, withMinimalProject, type BenchProject } from './project.ts';
import type { Row } from './table.ts';

const PAYLOAD = JSON.stringify({ prompt: '12 * 7', stream: false });

/** Measures the first invocation of a session with a warm instance, against that of a started agent. */
export async function warmSessionRows(): Promise<Row[]> {
  return [
    row(sample.name, await measure(sample, 15)),
    row('minimal agent', await withMinimalProject((project) => measure(project, 15))),
  ];
}

function row(name: string, times: Pairs): Row {
  return {
    measurement: `new session with --warm 1, ${name} / its own first answer`,
    unit: 'ms',
    ...quantiles(times),
    bar: { of: 'added', atMost: 30 },
  };
}

function measure(project: BenchProject, count: number): Promise<Pairs> {
  return withEmulator(
    project.folder,
    (emulator) =>
      measurePairs(
        { warmUp: 2, count },
        {
          ours: () => openWarmSession(emulator),
          reference: async () => (await startBare(project)).firstAnswer,
        },
      ),
    ['--warm', '1'],
  );
}

/** Waits until a warm instance is ready, before the measurement starts. */
export async function openWarmSession(emulator: MeasuredEmulator): Promise<number> {
  while ((await emulator.warmth()) === 0) await sleep(20);
  const sessionId = newSessionId();
  const { total } = await emulator.invoke(sessionId, PAYLOAD);
  await emulator.stop(sessionId);
  return total;
}
