import { openConnection } from './connection.ts';
import { createHeaders, newSessionId, withEmulator } from './emulator.ts';
import { measurePairs, quantiles } from './pairs.ts';
import { withMinimalProject } from './project.ts';
import type { Row } from './table.ts';

const PAYLOAD = JSON.stringify({ prompt: 'Count to three.', stream: 3 });

/** Measures the first byte of a streamed response, against a direct call of the agent. */
export async function firstByteRows(): Promise<Row[]> {
  const times = await withMinimalProject(({ folder }) =>
    withEmulator(folder, async (emulator) => {
      const sessionId = newSessionId();
      await emulator.invoke(sessionId, PAYLOAD);
      const agent = openConnection(await emulator.agentPort(sessionId));
      const headers = createHeaders(sessionId);
      return measurePairs(
        { warmUp: 500, count: 1_000 },
        {
          ours: async () => (await emulator.invoke(sessionId, PAYLOAD)).firstByte,
          reference: async () =>
            (await agent.send('POST', '/invocations', headers, PAYLOAD)).firstByte,
        },
      );
    }),
  );
  return [
    {
      measurement: 'first byte of a stream, p50 / direct call',
      unit: 'ms',
      ...quantiles(times),
      bar: { of: 'added', atMost: 2 },
    },
    {
      measurement: 'first byte of a stream, p99 / direct call',
      unit: 'ms',
      ...quantiles(times, 0.99),
      bar: { of: 'added', atMost: 2 },
    },
  ];
}
