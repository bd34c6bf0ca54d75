import { StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore';
import { expect, test, vi } from 'vitest';
import type { SessionSummary } from '../../src/shared/session.ts';
import { sessionId, useEmulator, type TestEmulator } from '../support/emulator.ts';
import { eventually } from '../support/eventually.ts';
import { useJobServer, useContainerJobServer, type JobServer } from '../support/jobServer.ts';
import * as workers from './workers.ts';

vi.setConfig({ testTimeout: 120_000 });

interface Way {
  readonly useWorker: workers.UseWorker;
  readonly where?: () => Promise<JobServer>;
  /** How many machines wait for a session. */
  readonly warm?: number;
}

interface Working extends TestEmulator {
  readonly world: JobServer;
  /** Has the session of a job's name begin it. */
  begin(job: string): Promise<void>;
  session(job: string): Promise<SessionSummary | undefined>;
  turnClock(seconds: number): Promise<unknown>;
}

async function useWorking({ useWorker, where = useJobServer, warm = 0 }: Way): Promise<Working> {
  const world = await where();
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
    turnClock: (advanceSeconds) => emulator.admin('/clock', { advanceSeconds }),
  };
}

/** Each way of saying that one is busy, and each kind of machine on which it is said. */
const ways: Record<string, Way> = {
  'add_async_task of the Python SDK': { useWorker: workers.addAsyncTask },
  'add_async_task on a machine that waited for its session': {
    useWorker: workers.addAsyncTask,
    warm: 2,
  },
  'add_async_task in a container': {
    useWorker: workers.addAsyncTaskInContainer,
    where: useContainerJobServer,
  },
  '@app.async_task of the Python SDK': { useWorker: workers.asyncTask },
  '@app.ping of the Python SDK': { useWorker: workers.ownPing },
  'addAsyncTask of the TypeScript SDK': { useWorker: workers.addAsyncTaskInNode },
  'asyncTask of the TypeScript SDK': { useWorker: workers.asyncTaskInNode },
  'pingHandler of the TypeScript SDK': { useWorker: workers.pingHandler },
  'a /ping without any SDK': { useWorker: workers.withoutSdk },
  'a /ping without any SDK in a container': {
    useWorker: workers.withoutSdkInContainer,
    where: useContainerJobServer,
  },
};

test.each(Object.entries(ways))(
  'work that says it is busy by %s outlives the idle end, and what says nothing is killed in the middle',
  async (_, way) => {
    const { world, begin, session, turnClock } = await useWorking(way);
    await Promise.all([begin('tracked'), begin('silent')]);
    await eventually(async () =>
      expect(await session('tracked')).toMatchObject({
        state: 'active',
        idleDeadline: null,
        ping: { status: 'HealthyBusy', timeOfLastUpdate: expect.any(Number) },
      }),
    );

    await turnClock(840);
    expect(await session('silent')).toMatchObject({ state: 'idle', ping: { status: 'Healthy' } });
    await turnClock(61);
    expect(await session('silent')).toMatchObject({ state: 'terminated', reason: 'idle-timeout' });
    await world.cutOff('silent');

    await turnClock(4 * 3600);
    expect(await session('tracked')).toMatchObject({ state: 'active' });
    world.finish('tracked');
    await eventually(async () =>
      expect(await session('tracked')).toMatchObject({
        state: 'idle',
        ping: { status: 'Healthy' },
      }),
    );
    expect(world.done).toEqual(['tracked']);

    // The idle time starts anew.
    await turnClock(840);
    expect(await session('tracked')).toMatchObject({ state: 'idle' });
    await turnClock(61);
    expect(await session('tracked')).toMatchObject({
      state: 'terminated',
      reason: 'idle-timeout',
    });
  },
);

test('a stop cuts off what a session works, however busy it is', async () => {
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
