import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createActivityEmitter } from '../../../../emulator/activity.ts';
import { createClock } from '../../../../emulator/clock.ts';
import type { MachineExit, Machine } from '../../../../emulator/compute/compute.ts';
import type { Logger } from '../../../../emulator/index.ts';
import { createInstance } from '../../../../emulator/services/runtime/instance.ts';
import { createSession } from '../../../../emulator/services/runtime/session.ts';
import { createTimelines } from '../../../../emulator/services/runtime/timeline.ts';
import { echoAgent, useAgent, useFolder } from '../../../support/agents.ts';

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

test('A session does not start if its warm agent has ended by the time its ping is read', async () => {
  const exited = Promise.withResolvers<MachineExit>();
  let hasResumed = false;
  const server = createServer(async (_, response) => {
    if (hasResumed) {
      exited.resolve({ code: 3, signal: null });
      await nextTurn();
    }
    response.end('{"status":"Healthy"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const clock = createClock();
  onTestFinished(() => {
    clock.close();
    server.close();
  });
  const machine = {
    identity: { kind: 'process', pid: 1 },
    listening: Promise.resolve((server.address() as AddressInfo).port),
    exited: exited.promise,
    async pause() {},
    async resume() {
      hasResumed = true;
    },
    stop: () => exited.promise,
  } as Partial<Machine> as Machine;
  const agent = {
    id: 'Agent-0123456789',
    arn: '',
    account: '',
    version: '1',
    source: await useAgent(echoAgent),
  };
  const instance = createInstance(agent, {
    compute: {
      prepare: async () => ({ emulatorUrl: '', image: null, start: async () => machine }),
    } as never,
    clock,
    pingTimeout: 5_000,
    folder: join(await useFolder(), 'instance'),
    storage: null,
    addressVariables: {},
    issueUrl: () => ({ environment: {}, revoke() {} }),
  });
  await instance.ready;
  await instance.pause();

  const activity = createActivityEmitter();
  const request = { requestId: 'first', traceParent: null };
  const session = createSession(
    { agent, id: 'a', run: 1, qualifier: 'DEFAULT', request, instance },
    {
      clock,
      activity,
      timelines: createTimelines(activity),
      logger: silent,
      timeoutsFor: () => ({ idleTimeout: 900_000, maxLifetime: 28_800_000 }),
      describeEndpoint: () => null,
      pingInterval: 900_000,
      storage: { find: () => null, attach: () => ({ release() {} }) },
    },
  );
  await expect(session.started).rejects.toThrow(
    'The warm instance resumed, but the agent ended with exit code 3.',
  );
  await session.terminated;
  expect(session.life()).toMatchObject({ state: 'terminated', reason: 'start-failed' });
});
