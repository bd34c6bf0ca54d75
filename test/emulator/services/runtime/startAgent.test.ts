import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createClock } from '../../../../emulator/clock.ts';
import type { MachineExit, Machine } from '../../../../emulator/compute/compute.ts';
import { createSessionLog } from '../../../../emulator/services/runtime/sessionLog.ts';
import { agentCorePing } from '../../../../emulator/services/runtime/protocols/http.ts';
import { startAgent } from '../../../../emulator/services/runtime/startAgent.ts';
import { echoAgent, useAgent, useFolder } from '../../../support/agents.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';
import { eventually } from '../../../support/eventually.ts';

/** Starts an agent on a machine whose steps the test controls. */
async function startStepByStep() {
  const server = createServer((_, response) => response.end('{"status":"Healthy"}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const listening = Promise.withResolvers<number>();
  const lookup = Promise.withResolvers<string | null>();
  const lookupStarted = Promise.withResolvers<void>();
  const cleanUp = Promise.withResolvers<void>();
  const exited = Promise.withResolvers<MachineExit>();
  const created = Promise.withResolvers<void>();
  let isNoted = false;
  const machine = {
    listening: listening.promise,
    exited: exited.promise,
    async listensElsewhere() {
      // The first lookup is for the note after five seconds.
      if (!isNoted) return null;
      lookupStarted.resolve();
      return lookup.promise;
    },
  } as Machine;
  const clock = createClock();
  onTestFinished(() => clock.close());
  const source = await useAgent(echoAgent);
  const outcome = startAgent({ ...source, contractPort: 8080 } as never, {
    compute: {
      prepare: async () => ({ emulatorUrl: '', image: null, start: async () => machine }),
    } as never,
    createSpec: () => ({}) as never,
    clock,
    health: agentCorePing,
    pingTimeout: 5_000,
    output: createSessionLog(join(await useFolder(), 'output.jsonl'), () => {}),
    onLine() {},
    onMachine: () => created.resolve(),
    onListening() {},
    onProblem: () => (isNoted = true),
    signal: new AbortController().signal,
    cleanedUp: cleanUp.promise,
  }).then(
    () => 'started',
    (error: Error) => error.message,
  );
  await created.promise;
  return {
    clock,
    outcome,
    listen: () => listening.resolve(port),
    lookupStarted: lookupStarted.promise,
    finishLookup: () => lookup.resolve(null),
    finishCleanUp: () => cleanUp.resolve(),
  };
}

test('An agent that becomes ready while its timeout is explained does not block the clock', async () => {
  const { clock, outcome, listen, lookupStarted, finishLookup } = await startStepByStep();
  const advance = clock.advance(60_000);
  await lookupStarted;
  listen();
  expect(await outcome).toBe('started');
  finishLookup();
  await advance;
  await clock.advance(60_000);
});

test('An advance that ends a start waits for its cleanup', async () => {
  const { clock, outcome, finishLookup, finishCleanUp } = await startStepByStep();
  let hasAdvanced = false;
  const advance = clock.advance(60_000).then(() => (hasAdvanced = true));
  finishLookup();
  expect(await outcome).toMatch(/Runtime initialization time exceeded.*It never listened/);
  await sleep(20);
  expect(hasAdvanced).toBe(false);
  finishCleanUp();
  await advance;
});

/** A deterministic generator of numbers from 0 to 1. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test(
  'The clock advances at any time during the start of sessions',
  { timeout: 120_000 },
  async () => {
    const emulator = await useEmulator({ agents: [await useAgent(echoAgent)], idleTimeout: 60 });
    const random = seededRandom(12);
    const began = Date.now();
    await emulator.invoke({ runtimeSessionId: sessionId('warm-up') });
    const startTime = Date.now() - began;
    for (let round = 0; round < 10; round += 1) {
      const starting = [0, 1, 2].map(async (index) => {
        await sleep(random() * 0.5 * startTime);
        const runtimeSessionId = sessionId(`${round}-${index}`);
        await emulator.invoke({ runtimeSessionId }).catch((error: Error) => {
          expect(error.message).toMatch(/Runtime initialization time exceeded/);
        });
      });
      await sleep(random() * 1.5 * startTime);
      const advance = emulator.admin('/clock', { advanceSeconds: 120 }).then(() => 'advanced');
      expect(await Promise.race([advance, sleep(20_000, 'hangs')])).toBe('advanced');
      await Promise.all(starting);
    }
    // Deadlines take effect as well.
    await emulator.admin('/clock', { advanceSeconds: 3_600 });
    await eventually(async () =>
      expect((await emulator.sessions()).filter(({ state }) => state !== 'terminated')).toEqual([]),
    );
  },
);
