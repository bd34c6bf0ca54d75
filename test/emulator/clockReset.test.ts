import { expect, onTestFinished, test } from 'vitest';
import { createEmulatorClient } from '../../src/core/emulatorClient/emulatorClient.ts';
import type { ClockReading } from '../../src/shared/emulator.ts';
import { echoAgent, useAgent, useFolder } from '../support/agents.ts';
import { useEmulator } from '../support/emulator.ts';
import { eventually } from '../support/eventually.ts';

test('a reset takes effect at the next start, and the running clock keeps its offset', async () => {
  const dataFolder = await useFolder();
  const agents = [await useAgent(echoAgent)];
  const first = await useEmulator({ agents, dataFolder });
  await first.admin('/clock', { advanceSeconds: 8100 });
  await first.invoke();
  const reset = await first.admin<ClockReading>('/clock/reset', {});
  expect(reset).toMatchObject({ resetsAtNextStart: true });
  expect(reset.offsetSeconds).toBeCloseTo(8100, 0);
  expect(await first.sessions()).toMatchObject([{ state: 'idle' }]);
  expect(await first.admin('/clock')).toMatchObject({ resetsAtNextStart: true });
  await first.close();

  const second = await useEmulator({ agents, dataFolder });
  expect(second.readClock()).toMatchObject({ resetsAtNextStart: false });
  expect(second.readClock().offsetSeconds).toBeLessThan(1);
  await second.admin('/clock', { advanceSeconds: 60 });
  await second.close();
  const third = await useEmulator({ agents, dataFolder });
  expect(third.readClock().offsetSeconds).toBeCloseTo(60, 0);
});

test('an emulator that is started with resetClock starts at real time', async () => {
  const dataFolder = await useFolder();
  const first = await useEmulator({ agents: [], dataFolder });
  await first.admin('/clock', { advanceSeconds: 8100 });
  await first.close();
  const second = await useEmulator({ agents: [], dataFolder, resetClock: true });
  expect(second.readClock().offsetSeconds).toBeLessThan(1);
});

test('A session store reports the clock, every advance and a requested reset.', async () => {
  const { url, admin } = await useEmulator({ agents: [] });
  const { sessions, admin: client, close } = createEmulatorClient(url);
  onTestFinished(close);
  const readings: (ClockReading | null)[] = [];
  sessions.onChange(() => void readings.push(sessions.clock()));
  await eventually(() => expect(readings).toMatchObject([{ resetsAtNextStart: false }]));
  await admin('/clock', { advanceSeconds: 60 });
  expect(await client.resetClock()).toMatchObject({ resetsAtNextStart: true });
  await eventually(() =>
    expect(readings.slice(1)).toMatchObject([
      { resetsAtNextStart: false },
      { resetsAtNextStart: true },
    ]),
  );
  expect(readings[1]!.offsetSeconds).toBeCloseTo(60, 0);
});
