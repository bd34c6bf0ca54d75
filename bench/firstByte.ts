import { join } from 'node:path';
import { openConnection, type ReusedConnection } from './connection.ts';
import { createHeaders, newSessionId, withEmulator } from './emulator.ts';
import { measurePairs, quantiles, type Pairs } from './pairs.ts';
import { startProgram } from './program.ts';
import { root, withMinimalProject } from './project.ts';
import type { Row } from './table.ts';

const PAYLOAD = JSON.stringify({ prompt: 'Count to three.', stream: 3 });

/** Measures the first byte of a streamed response, against a bare undici proxy and a direct call. */
export async function firstByteRows(): Promise<Row[]> {
  const { times, direct } = await withMinimalProject(({ folder }) => measure(folder));
  return [
    {
      measurement: 'first byte of a stream, p50 / undici proxy',
      unit: 'ms',
      ...quantiles(times),
      bar: null,
    },
    {
      measurement: 'first byte of a stream, p99 / undici proxy',
      unit: 'ms',
      ...quantiles(times, 0.99),
      bar: { of: 'added', atMost: 1 },
    },
    {
      measurement: 'first byte of a stream, p50 / direct call',
      unit: 'ms',
      ...quantiles({ ours: times.ours, reference: direct }),
      bar: null,
    },
  ];
}

function measure(project: string): Promise<{ times: Pairs; direct: number[] }> {
  return withEmulator(project, async (emulator) => {
    const sessionId = newSessionId();
    await emulator.invoke(sessionId, PAYLOAD);
    const port = await emulator.agentPort(sessionId);
    const headers = createHeaders(sessionId);
    const proxy = await startProgram([join(root, 'bench', 'undiciProxy.ts'), String(port)]);
    try {
      const bare = async (connection: ReusedConnection) =>
        (await connection.send('POST', '/invocations', headers, PAYLOAD)).firstByte;
      const toAgent = openConnection(port);
      const toProxy = openConnection(Number(proxy.firstLine));
      const direct: number[] = [];
      const times = await measurePairs(
        { warmUp: 500, count: 1_000 },
        {
          ours: async () => (await emulator.invoke(sessionId, PAYLOAD)).firstByte,
          async reference() {
            direct.push(await bare(toAgent));
            return bare(toProxy);
          },
        },
      );
      return { times, direct };
    } finally {
      await proxy.end();
    }
  });
}
