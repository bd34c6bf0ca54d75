import { openConnection, type TimedResponse, type ReusedConnection } from './connection.ts';
import { createHeaders, newSessionId, withEmulator } from './emulator.ts';
import { measurePairs, quantiles } from './pairs.ts';
import { withMinimalProject } from './project.ts';
import type { Row } from './table.ts';

const PAYLOAD = JSON.stringify({ prompt: 'Count to three.', stream: 3 });
const STREAMS = 1_000;

/** Measures a thousand concurrent streams of one session, against direct calls of the agent. */
export async function manyStreamsRows(): Promise<Row[]> {
  const times = await withMinimalProject(({ folder }) =>
    withEmulator(folder, async (emulator) => {
      const sessionId = newSessionId();
      await emulator.invoke(sessionId, PAYLOAD);
      const port = await emulator.agentPort(sessionId);
      const headers = createHeaders(sessionId);
      const all = async (
        connect: () => ReusedConnection,
        call: (connection: ReusedConnection) => Promise<TimedResponse>,
      ): Promise<number> => {
        const connections = Array.from({ length: STREAMS }, connect);
        const began = performance.now();
        await Promise.all(connections.map(call));
        const total = performance.now() - began;
        for (const connection of connections) connection.close();
        return total;
      };
      return measurePairs(
        { warmUp: 1, count: 7 },
        {
          ours: () =>
            all(emulator.connect, (connection) => emulator.invoke(sessionId, PAYLOAD, connection)),
          reference: () =>
            all(
              () => openConnection(port),
              (connection) => connection.send('POST', '/invocations', headers, PAYLOAD),
            ),
        },
      );
    }),
  );
  return [
    {
      measurement: `${STREAMS} streams at once, until the last has ended / direct calls`,
      unit: 'ms',
      ...quantiles(times),
      bar: null,
    },
  ];
}
