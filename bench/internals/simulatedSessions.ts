import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createActivityEmitter } from '../../emulator/activity.ts';
import { createClock } from '../../emulator/clock.ts';
import type { Compute, MachineExit } from '../../emulator/compute/compute.ts';
import type { Logger } from '../../emulator/index.ts';
import type { AgentEndpoint } from '../../emulator/services/runtime/agents.ts';
import { createInstance } from '../../emulator/services/runtime/instance.ts';
import {
  createRuntimeSessions,
  type RuntimeSessions,
} from '../../emulator/services/runtime/runtimeSessions.ts';
import { createTimelines } from '../../emulator/services/runtime/timeline.ts';
import { newSessionId } from '../emulator.ts';
import type { Row } from '../table.ts';

const MANY = 10_000;
const FEW = 100;
const IDLE_MILLISECONDS = 15 * 60 * 1_000;

/** Milliseconds for each session, by part of its life cycle. */
interface Costs {
  readonly start: number;
  readonly invocation: number;
  readonly end: number;
}

/**
 * Measures ten thousand sessions with simulated machines: one server responds for all agents. The
 * sessions, their pings and timers are real.
 */
export async function simulatedSessionsRows(): Promise<Row[]> {
  // The first run only warms up.
  await measure(FEW);
  const few = await measure(FEW);
  const many = await measure(MANY);
  const row = (name: string, part: keyof Costs): Row => ({
    measurement: `${name}, of ${MANY} with simulated machines / of ${FEW}`,
    unit: 'ms',
    ours: many[part],
    reference: few[part],
    bar: { of: 'ratio', atMost: 1.5 },
  });
  return [
    row('start of a session', 'start'),
    row('begin and end of an invocation', 'invocation'),
    row('idle end of a session', 'end'),
  ];
}

async function measure(count: number): Promise<Costs> {
  const folder = await mkdtemp(join(tmpdir(), 'workbench-bench-'));
  const server = createServer((_, response) => response.end('{"status":"Healthy"}'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const compute = simulate((server.address() as AddressInfo).port);
  const clock = createClock();
  const sessions = createBareSessions(compute, clock, folder);
  try {
    const ids = Array.from({ length: count }, newSessionId);
    const start = await timed(count, async () => {
      for (let from = 0; from < count; from += FEW) {
        const enter = (id: string) => invoke(sessions, id);
        await Promise.all(ids.slice(from, from + FEW).map(enter));
      }
    });
    const invocation = await timed(1_000, async () => {
      for (let turn = 0; turn < 1_000; turn += 1) await invoke(sessions, ids[0]!);
    });
    const end = await timed(count, () => clock.advance(IDLE_MILLISECONDS + 1));
    const left = sessions.list().filter((session) => session.life().state !== 'terminated');
    if (left.length > 0) throw new Error(`${left.length} of ${count} sessions did not end`);
    return { start, invocation, end };
  } finally {
    await sessions.close();
    clock.close();
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function timed(count: number, work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / count;
}

async function invoke(sessions: RuntimeSessions, id: string): Promise<void> {
  const session = await sessions.acquire(endpoint, id, { requestId: 'bench', traceParent: null });
  session.finishRequest('bench', 'answered 200');
}

const endpoint: AgentEndpoint = {
  name: 'DEFAULT',
  agent: {
    id: 'Simulated-0123456789',
    arn: '',
    account: '',
    version: '1',
    source: {
      kind: 'project',
      project: 'Bench',
      name: 'Simulated',
      root: '',
      code: '',
      entrypoint: 'main.js',
      language: 'node',
      protocol: 'HTTP',
      environment: {},
      headerAllowlist: [],
      lifecycle: {},
    },
  },
};

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

function createBareSessions(
  compute: Compute,
  clock: ReturnType<typeof createClock>,
  folder: string,
): RuntimeSessions {
  const activity = createActivityEmitter();
  let made = 0;
  return createRuntimeSessions(
    {
      take: (agent) =>
        createInstance(agent, {
          compute,
          clock,
          pingTimeout: 5_000,
          storage: null,
          addressVariables: {},
          folder: join(folder, String((made += 1))),
          issueUrl: () => ({ environment: {}, revoke() {} }),
        }),
      isOutdated: () => false,
      keepWarm() {},
    },
    { agents: { refuseDeleted() {} }, onChange: 'wait', maxSessions: Infinity },
    {
      clock,
      activity,
      timelines: createTimelines(activity),
      logger: silent,
      timeoutsFor: () => ({ idleTimeout: IDLE_MILLISECONDS, maxLifetime: 32 * IDLE_MILLISECONDS }),
      // Ten thousand pings every two seconds would be the load, not the sessions.
      describeEndpoint: () => null,
      pingInterval: IDLE_MILLISECONDS,
      storage: { find: () => null, attach: () => ({ release() {} }) },
    },
  );
}

function simulate(port: number): Compute {
  const none = () => Promise.reject(new Error('a simulated machine has no shell'));
  return {
    kind: 'process',
    prepare: async () => ({
      emulatorUrl: '',
      image: null,
      async start() {
        const exited = Promise.withResolvers<MachineExit>();
        return {
          identity: { kind: 'process', pid: process.pid },
          listening: Promise.resolve(port),
          findPort: () => Promise.resolve(null),
          listensElsewhere: async () => null,
          readLoadReport: async () => null,
          exited: exited.promise,
          run: none,
          openTerminal: none,
          async pause() {},
          async resume() {},
          async stop() {
            exited.resolve({ code: 0, signal: null });
            return exited.promise;
          },
        };
      },
    }),
    async removeStorage() {},
    async close() {},
  };
}
