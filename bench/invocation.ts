import { join } from 'node:path';
import { openConnection, type Connection } from './connection.ts';
import { createHeaders, newSessionId, withEmulator } from './emulator.ts';
import { measurePairs, quantiles, type Pairs } from './pairs.ts';
import { startProgram } from './program.ts';
import { root, withMinimalProject } from './project.ts';
import type { Row } from './table.ts';

const PAYLOAD = JSON.stringify({ prompt: 'What is the time in Turin?' });
const AT_A_TIME = 16;
const ROUND_MILLISECONDS = 1_000;

/** Measures an invocation of a running session, against a direct call of the agent. */
export async function invocationRows(): Promise<Row[]> {
  const { times, rates } = await withMinimalProject(({ folder }) => measure(folder));
  return [
    {
      measurement: 'warm invocation, p50 / direct call',
      unit: 'ms',
      ...quantiles(times),
      bar: { of: 'added', atMost: 0.3 },
    },
    {
      measurement: 'warm invocation, p99 / direct call',
      unit: 'ms',
      ...quantiles(times, 0.99),
      bar: { of: 'added', atMost: 2 },
    },
    {
      measurement: `${AT_A_TIME} at a time / a bare undici proxy`,
      unit: '/s',
      ...quantiles(rates),
      bar: { of: 'ratio', atLeast: 0.7 },
    },
  ];
}

function measure(project: string): Promise<{ times: Pairs; rates: Pairs }> {
  return withEmulator(project, async (emulator) => {
    const sessionId = newSessionId();
    await emulator.invoke(sessionId, PAYLOAD);
    const port = await emulator.agentPort(sessionId);
    const headers = createHeaders(sessionId);

    const ours = (connection: Connection) => emulator.invoke(sessionId, PAYLOAD, connection);
    const direct = (connection: Connection) =>
      connection.send('POST', '/invocations', headers, PAYLOAD);
    const toUs = Array.from({ length: AT_A_TIME }, () => emulator.connect());
    const toAgent = openConnection(port);

    const times = await measurePairs(
      { warmUp: 1_000, count: 5_000 },
      {
        ours: async () => (await ours(toUs[0]!)).total,
        reference: async () => (await direct(toAgent)).total,
      },
    );
    const proxy = await startProgram([join(root, 'bench', 'undiciProxy.ts'), String(port)]);
    try {
      const toProxy = Array.from({ length: AT_A_TIME }, () =>
        openConnection(Number(proxy.firstLine)),
      );
      const rates = await measurePairs(
        { warmUp: 1, count: 6 },
        { ours: () => rate(toUs, ours), reference: () => rate(toProxy, direct) },
      );
      return { times, rates };
    } finally {
      await proxy.end();
    }
  });
}

/** Returns responses per second. Each connection sends its next request after a response. */
async function rate(
  connections: readonly Connection[],
  call: (connection: Connection) => Promise<unknown>,
): Promise<number> {
  const began = performance.now();
  let answers = 0;
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() - began < ROUND_MILLISECONDS) {
        await call(connection);
        answers += 1;
      }
    }),
  );
  return (answers * 1_000) / (performance.now() - began);
}
