import { quantiles } from './pairs.ts';
import { measureProxied, withProxiedAgent } from './proxiedAgent.ts';
import type { Row } from './table.ts';

const PAYLOAD = JSON.stringify({ prompt: 'Count to three.', stream: 3 });

/** Measures the first byte of a streamed response, against a bare undici proxy and a direct call. */
export async function firstByteRows(): Promise<Row[]> {
  const { times, direct } = await withProxiedAgent(PAYLOAD, (agent) =>
    measureProxied(agent, 'firstByte', { warmUp: 500, count: 1_000 }),
  );
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
