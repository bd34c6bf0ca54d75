import type { ReusedConnection } from './connection.ts';
import { measurePairs, quantiles, type Pairs } from './pairs.ts';
import { measureProxied, withProxiedAgent, type ProxiedAgent } from './proxiedAgent.ts';
import type { Row } from './table.ts';

const PAYLOAD = JSON.stringify({ prompt: 'What is the time in Turin?' });
const CONCURRENCIES = [16, 64];
const ROUND_MILLISECONDS = 1_000;

/** Measures an invocation of a running session, against a bare undici proxy and a direct call. */
export async function invocationRows(): Promise<Row[]> {
  const { times, direct, rounds } = await withProxiedAgent(PAYLOAD, measure);
  return [
    ...rounds.map(cpuRow),
    {
      measurement: 'warm invocation, p50 / undici proxy',
      unit: 'ms',
      ...quantiles(times),
      bar: { of: 'ratio', atMost: 1.2 },
    },
    {
      measurement: 'warm invocation, p99 / undici proxy',
      unit: 'ms',
      ...quantiles(times, 0.99),
      bar: { of: 'added', atMost: 2 },
    },
    {
      measurement: 'warm invocation, p50 / direct call',
      unit: 'ms',
      ...quantiles({ ours: times.ours, reference: direct }),
      bar: null,
    },
    ...rounds.map(rateRow),
  ];
}

/** Rates and CPU time per request of several rounds at one concurrency. */
interface Rounds {
  readonly concurrency: number;
  readonly rates: Pairs;
  readonly cpu: Pairs;
}

function cpuRow({ cpu, concurrency }: Rounds): Row {
  return {
    measurement: `CPU per warm invocation, ${concurrency} at a time / undici proxy`,
    unit: 'µs',
    ...quantiles(cpu),
    bar: { of: 'ratio', atMost: 1.35 },
  };
}

function rateRow({ rates, concurrency }: Rounds): Row {
  return {
    measurement: `${concurrency} at a time / undici proxy`,
    unit: '/s',
    ...quantiles(rates),
    bar: { of: 'ratio', atLeast: 0.8 },
  };
}

async function measure(agent: ProxiedAgent) {
  const { times, direct } = await measureProxied(agent, 'total', { warmUp: 1_000, count: 5_000 });
  const { emulator, proxy, invoke, send } = agent;
  const most = Math.max(...CONCURRENCIES);
  const toUs = Array.from({ length: most }, emulator.connect);
  const toProxy = Array.from({ length: most }, agent.connectToProxy);
  const rounds: Rounds[] = [];
  for (const concurrency of CONCURRENCIES) {
    const cpu: Pairs = { ours: [], reference: [] };
    const round = async (
      side: keyof Pairs,
      program: { cpuTime(): Promise<number> },
      connections: readonly ReusedConnection[],
      call: (connection: ReusedConnection) => Promise<unknown>,
    ): Promise<number> => {
      const before = await program.cpuTime();
      const { answers, rate } = await run(connections.slice(0, concurrency), call);
      cpu[side].push((((await program.cpuTime()) - before) * 1_000) / answers);
      return rate;
    };
    const rates = await measurePairs(
      { warmUp: 1, count: 6 },
      {
        ours: () => round('ours', emulator, toUs, invoke),
        reference: () => round('reference', proxy, toProxy, send),
      },
    );
    rounds.push({ concurrency, rates, cpu });
  }
  return { times, direct, rounds };
}

/** Sends for a second. Each connection sends its next request after a response. */
async function run(
  connections: readonly ReusedConnection[],
  call: (connection: ReusedConnection) => Promise<unknown>,
): Promise<{ answers: number; rate: number }> {
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
  return { answers, rate: (answers * 1_000) / (performance.now() - began) };
}
