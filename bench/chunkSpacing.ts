import { openConnection, type TimedResponse } from './connection.ts';
import { createHeaders, newSessionId, withEmulator } from './emulator.ts';
import { measurePairs, quantiles } from './pairs.ts';
import { withMinimalProject } from './project.ts';
import type { Row } from './table.ts';

const CHUNKS = 100;
const PAYLOAD = JSON.stringify({ prompt: 'Count.', stream: CHUNKS });

/** Measures the delay of a stream's chunks, and whether chunks are merged. */
export async function chunkSpacingRows(): Promise<Row[]> {
  const ours: TimedResponse[] = [];
  const reference: TimedResponse[] = [];
  await withMinimalProject(({ folder }) =>
    withEmulator(folder, async (emulator) => {
      const sessionId = newSessionId();
      await emulator.invoke(sessionId, PAYLOAD);
      const agent = openConnection(await emulator.agentPort(sessionId));
      const headers = createHeaders(sessionId);
      const keep = (answers: TimedResponse[], answer: TimedResponse) => answers.push(answer);
      await measurePairs(
        { warmUp: 0, count: 30 },
        {
          ours: async () => keep(ours, await emulator.invoke(sessionId, PAYLOAD)),
          reference: async () =>
            keep(reference, await agent.send('POST', '/invocations', headers, PAYLOAD)),
        },
      );
      agent.close();
    }),
  );
  const onTheWay = { ours: ours.flatMap(delays), reference: reference.flatMap(delays) };
  const delay = (name: string, share: number): Row => ({
    measurement: `delay of a stream's chunk, ${name} / direct call`,
    unit: 'ms',
    ...quantiles(onTheWay, share),
    bar: null,
  });
  return [
    delay('p50', 0.5),
    delay('p99', 0.99),
    {
      measurement: `received chunks of ${ours.length} streams of ${CHUNKS} / direct call`,
      unit: 'chunks',
      ours: ours.flatMap(({ chunks }) => chunks).length,
      reference: reference.flatMap(({ chunks }) => chunks).length,
      bar: null,
    },
  ];
}

/** Returns each chunk's milliseconds from sending to arrival. */
function delays({ chunks }: TimedResponse): number[] {
  return chunks.flatMap(({ text, at }) =>
    [...text.matchAll(/^data: (.+)$/gm)].map(([, sent]) => at - Number(sent)),
  );
}
