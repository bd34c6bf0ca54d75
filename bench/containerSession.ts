import { execFile } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openConnection } from './connection.ts';
import { createHeaders, newSessionId, withEmulator, type MeasuredEmulator } from './emulator.ts';
import { measurePairs, quantiles, type Pairs } from './pairs.ts';
import { withMinimalProject } from './project.ts';
import type { Row } from './table.ts';
import { openWarmSession } from './warmSession.ts';

const PAYLOAD = JSON.stringify({ prompt: '12 * 7', stream: false });

const DOCKERFILE = `FROM node:24-slim
COPY main.mjs /app/
CMD ["node", "/app/main.mjs"]
`;

/** The isolation of a session's container. */
const ISOLATION = [
  '--init',
  '--security-opt=no-new-privileges',
  '--cpus=2',
  '--memory=8g',
  '--memory-swap=8g',
];

/**
 * Measures the first invocation of a new session in a container, against `docker run` of its image
 * with the same isolation, and the cost of that isolation.
 */
export async function containerSessionRows(): Promise<Row[]> {
  try {
    await docker('version');
  } catch (error) {
    process.stderr.write(`Skipping containers: ${(error as Error).message.trim()}\n`);
    return [];
  }
  const [cold, warm, isolation] = await withMinimalProject(
    ({ folder }) =>
      withNetwork(async (network) => {
        const isolated = (image: string) => runBare(image, ['--network', network, ...ISOLATION]);
        const from = (open: Open) => (emulator: MeasuredEmulator) =>
          measureSessions(emulator, (image) => ({
            ours: () => open(emulator),
            reference: () => isolated(image),
          }));
        return [
          await withEmulator(folder, from(openSession)),
          await withEmulator(folder, from(openWarmSession), ['--warm', '1']),
          await withEmulator(folder, (emulator) =>
            measureSessions(emulator, (image) => ({
              ours: () => isolated(image),
              reference: () => runBare(image, []),
            })),
          ),
        ];
      }),
    DOCKERFILE,
  );
  return [
    {
      measurement: 'new session in a container, minimal agent / docker run, isolated alike',
      unit: 'ms',
      ...quantiles(cold),
      bar: { of: 'ratio', atMost: 1.1 },
    },
    {
      measurement: 'the same with --warm 1',
      unit: 'ms',
      ...quantiles(warm),
      bar: { of: 'ours', atMost: 30 },
    },
    {
      measurement: 'docker run, isolated / docker run on the common network',
      unit: 'ms',
      ...quantiles(isolation),
      bar: null,
    },
  ];
}

type Open = (emulator: MeasuredEmulator) => Promise<number>;

async function measureSessions(
  emulator: MeasuredEmulator,
  measures: (image: string) => Parameters<typeof measurePairs>[1],
): Promise<Pairs> {
  // The first one builds the image.
  await openSession(emulator);
  const image = await builtImage();
  try {
    return await measurePairs({ warmUp: 2, count: 15 }, measures(image));
  } finally {
    await docker('image', 'rm', '--force', image);
  }
}

async function openSession(emulator: MeasuredEmulator): Promise<number> {
  const sessionId = newSessionId();
  const { total } = await emulator.invoke(sessionId, PAYLOAD);
  await emulator.stop(sessionId);
  return total;
}

async function runBare(image: string, options: readonly string[]): Promise<number> {
  const port = await freePort();
  const began = performance.now();
  const publish = `127.0.0.1:${port}:8080`;
  const container = await docker('run', '--detach', '--publish', publish, ...options, image);
  try {
    // The engine accepts connections before the agent does, and closes them.
    while (!(await isUp(port))) await sleep(1);
    const connection = openConnection(port);
    await connection.send('POST', '/invocations', createHeaders(newSessionId()), PAYLOAD);
    connection.close();
    return performance.now() - began;
  } finally {
    await docker('rm', '--force', '--volumes', container);
  }
}

async function isUp(port: number): Promise<boolean> {
  const connection = openConnection(port);
  try {
    await connection.send('GET', '/ping');
    return true;
  } catch {
    return false;
  } finally {
    connection.close();
  }
}

async function withNetwork<T>(use: (network: string) => Promise<T>): Promise<T> {
  const alone = 'com.docker.network.bridge.enable_icc=false';
  const network = await docker('network', 'create', '--opt', alone, `bench-${newSessionId()}`);
  try {
    return await use(network);
  } finally {
    await docker('network', 'rm', network);
  }
}

async function builtImage(): Promise<string> {
  const format = '{{.Repository}}:{{.Tag}}';
  const images = await docker(
    'image',
    'ls',
    '--format',
    format,
    'agentcore-workbench/bench_minimal*',
  );
  return images.split('\n')[0]!;
}

async function docker(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', args);
  return stdout.trim();
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
