import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { openConnection } from './connection.ts';
import { createHeaders, newSessionId, withEmulator, type MeasuredEmulator } from './emulator.ts';
import { measurePairs, quantiles, type Pairs } from './pairs.ts';
import { root, sample, withMinimalProject, type BenchProject } from './project.ts';
import type { Row } from './table.ts';

const PAYLOAD = JSON.stringify({ prompt: '12 * 7', stream: false });

/** Time until the second session has written Node's compile cache. */
const CACHE_MILLISECONDS = 2_000;

/** Measures the first invocation of a new session, against a bare start of the agent. */
export async function newSessionRows(): Promise<Row[]> {
  return [
    row(`an emulator's first session, ${sample.name}`, await measureFirstSessions(sample)),
    row(`new session, ${sample.name}`, await measureFurtherSessions(sample, 15)),
    row(
      'new session, minimal agent',
      await withMinimalProject((project) => measureFurtherSessions(project, 30)),
    ),
  ];
}

function row(name: string, times: Pairs): Row {
  return {
    measurement: `${name} / its own start`,
    unit: 'ms',
    ...quantiles(times),
    bar: { of: 'ratio', atMost: 1.1 },
  };
}

function measureFirstSessions(project: BenchProject): Promise<Pairs> {
  return measurePairs(
    { warmUp: 1, count: 15 },
    {
      ours: () => withEmulator(project.folder, openSession),
      reference: async () => (await startBare(project)).total,
    },
  );
}

function measureFurtherSessions(project: BenchProject, count: number): Promise<Pairs> {
  return withEmulator(project.folder, async (emulator) => {
    await openSession(emulator);
    const second = newSessionId();
    await emulator.invoke(second, PAYLOAD);
    await sleep(CACHE_MILLISECONDS);
    await emulator.stop(second);
    return measurePairs(
      { warmUp: 2, count },
      {
        ours: () => openSession(emulator),
        reference: async () => (await startBare(project)).total,
      },
    );
  });
}

async function openSession(emulator: MeasuredEmulator): Promise<number> {
  const sessionId = newSessionId();
  const { total } = await emulator.invoke(sessionId, PAYLOAD);
  await emulator.stop(sessionId);
  return total;
}

/** Milliseconds from an agent's start to its first response, and the response's part of them. */
export interface BareStart {
  readonly total: number;
  readonly firstAnswer: number;
}

/** Starts the agent like the emulator, and waits until it is healthy and has responded. */
export async function startBare({ code, entrypoint }: BenchProject): Promise<BareStart> {
  const folder = await mkdtemp(join(tmpdir(), 'workbench-bench-'));
  const portFile = join(folder, 'port');
  const began = performance.now();
  const agent = spawn(process.execPath, [entrypoint], {
    cwd: code,
    env: {
      ...process.env,
      // Agents cannot share port 8080, so this one gets a free port like a session's.
      NODE_OPTIONS: `--require ${JSON.stringify(join(root, 'dist', 'preload', 'node.cjs'))}`,
      AGENTCORE_EMULATOR_CONTRACT_PORT: '8080',
      AGENTCORE_EMULATOR_PORT_FILE: portFile,
    },
    stdio: 'ignore',
  });
  const exited = once(agent, 'exit');
  try {
    let port = 0;
    while (port === 0) {
      if (agent.exitCode !== null) throw new Error(`${code} ended with ${agent.exitCode}`);
      await sleep(1);
      port = Number(await readFile(portFile, 'utf8').catch(() => ''));
    }
    const connection = openConnection(port);
    await connection.send('GET', '/ping');
    const healthy = performance.now();
    await connection.send('POST', '/invocations', createHeaders(newSessionId()), PAYLOAD);
    connection.close();
    const answered = performance.now();
    return { total: answered - began, firstAnswer: answered - healthy };
  } finally {
    agent.kill('SIGKILL');
    await exited;
    await rm(folder, { recursive: true, force: true });
  }
}
