import { StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore';
import { expect, test, vi } from 'vitest';
import type { SessionSummary } from '../../src/shared/session.ts';
import { sessionId, useEmulator, type TestEmulator } from '../support/emulator.ts';
import { eventually } from '../support/eventually.ts';
import { useJobServer, useContainerJobServer, type JobServer } from '../support/jobServer.ts';
import * as workers from './workers.ts';

vi.setConfig({ testTimeout: 120_000 });

interface Scenario {
  readonly useWorker: workers.UseWorker;
  readonly createWorld?: () => Promise<JobServer>;
  /** Number of warm machines. */
  readonly warm?: number;
}

interface Working extends TestEmulator {
  readonly world: JobServer;
  /** Starts a job in the session that has its name. */
  begin(job: string): Promise<void>;
  session(job: string): Promise<SessionSummary | undefined>;
  advanceClock(seconds: number): Promise<unknown>;
}

async function useWorking({
  useWorker,
  createWorld = useJobServer,
  warm = 0,
}: Scenario): Promise<Working> {
  const world = await createWorld();
  const emulator = await useEmulator({
    agents: [await useWorker(world.url)],
    pingInterval: 0.1,
    warm,
  });
  await eventually(async () => expect(await emulator.countWarmMachines()).toBe(warm));
  return {
    ...emulator,
    world,
    async begin(job) {
      await emulator.invoke({
        runtimeSessionId: sessionId(job),
        payload: JSON.stringify({ job }),
      });
      await world.begun(job);
    },
    session: async (job) =>
      (await emulator.sessions()).find((each) => each.sessionId === sessionId(job)),
    advanceClock: (advanceSeconds) => emulator.admin('/clock', { advanceSeconds }),
  };
}

/** Every way to report HealthyBusy, on every kind of machine. */
const scenarios: Record<string, Scenario> = {
  'add_async_task of the Python SDK': { useWorker: workers.addAsyncTask },
  'add_async_task on a machine that waited for its session': {
    useWorker: workers.addAsyncTask,
    warm: 2,
  },
  'add_async_task in a container': {
    useWorker: workers.addAsyncTaskInContainer,
    createWorld: useContainerJobServer,
  },
  '@app.async_task of the Python SDK': { useWorker: workers.asyncTask },
  '@app.ping of the Python SDK': { useWorker: workers.ownPing },
  'addAsyncTask of the TypeScript SDK': { useWorker: workers.addAsyncTaskInNode },
  'asyncTask of the TypeScript SDK': { useWorker: workers.asyncTaskInNode },
  'pingHandler of the TypeScript SDK': { useWorker: workers.pingHandler },
  'a /ping without any SDK': { useWorker: workers.withoutSdk },
  'a /ping without any SDK in a container': {
    useWorker: workers.withoutSdkInContainer,
    createWorld: useContainerJobServer,
  },
};

test.each(Object.entries(scenarios))(
  'work reported busy by %s outlives the idle timeout, and unreported work is killed',
  async (_, scenario) => {
    const { world, begin, session, advanceClock } = await useWorking(scenario);
    await Promise.all([begin('tracked'), begin('silent')]);
    await eventually(async () =>
      expect(await session('tracked')).toMatchObject({
        state: 'active',
        idleDeadline: null,
        ping: { status: 'HealthyBusy', timeOfLastUpdate: expect.any(Number) },
      }),
    );

    await advanceClock(840);
    expect(await session('silent')).toMatchObject({ state: 'idle', ping: { status: 'Healthy' } });
    await advanceClock(61);
    expect(await session('silent')).toMatchObject({ state: 'terminated', reason: 'idle-timeout' });
    await world.cutOff('silent');

    await advanceClock(4 * 3600);
    expect(await session('tracked')).toMatchObject({ state: 'active' });
    world.finish('tracked');
    await eventually(async () =>
      expect(await session('tracked')).toMatchObject({
        state: 'idle',
        ping: { status: 'Healthy' },
      }),
    );
    expect(world.done).toEqual(['tracked']);

    // The idle timeout starts again.
    await advanceClock(840);
    expect(await session('tracked')).toMatchObject({ state: 'idle' });
    await advanceClock(61);
    expect(await session('tracked')).toMatchObject({
      state: 'terminated',
      reason: 'idle-timeout',
    });
  },
);

test('StopRuntimeSession ends a busy session’s work', async () => {
  const { begin, world, client, agent, session } = await useWorking({
    useWorker: workers.addAsyncTask,
  });
  await begin('tracked');
  await client().send(
    new StopRuntimeSessionCommand({
      agentRuntimeArn: agent.arn,
      runtimeSessionId: sessionId('tracked'),
    }),
  );
  await world.cutOff('tracked');
  expect(await session('tracked')).toMatchObject({ reason: 'stopped' });
});
