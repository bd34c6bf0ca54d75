import { expect, test, vi } from 'vitest';
import type { SessionReading } from '../../../src/core/agents/session.ts';
import { createAdminClient } from '../../../src/core/emulatorClient/adminClient.ts';
import type { ClockReading } from '../../../src/shared/emulator.ts';
import { echoAgent, useAgent } from '../../support/agents.ts';
import { useCountedEmulator } from '../../support/countedEmulator.ts';
import { sessionId, useEmulator } from '../../support/emulator.ts';

/** Follows a session; `last` is the latest reading. */
function useFollower(
  { client, emulator }: Awaited<ReturnType<typeof useCountedEmulator>>,
  id: string,
) {
  const readings: (SessionReading | null)[] = [];
  const { runtimeId } = emulator.agent;
  const unfollow = client.sessions.follow({ runtimeId, sessionId: id }, (reading) =>
    readings.push(reading),
  );
  return {
    unfollow,
    readings,
    last: () => readings.at(-1),
    states: () => readStates(readings.at(-1)),
  };
}

function readStates(reading: SessionReading | null | undefined): string[] | undefined {
  return reading?.runs.map(({ state }) => state);
}

test('many followers share one event stream, which closes after the last one', async () => {
  const counted = await useCountedEmulator();
  const id = sessionId('shared');
  const followers = [id, id, sessionId('other')].map((one) => useFollower(counted, one));
  const changes = vi.fn<() => void>();
  const unsubscribe = counted.client.sessions.onChange(changes);
  for (const { last } of followers) await vi.waitFor(() => expect(last()?.runs).toEqual([]));

  await counted.emulator.invoke({ runtimeSessionId: id });
  await vi.waitFor(() =>
    expect(followers.map(({ states }) => states())).toEqual([['idle'], ['idle'], []]),
  );
  expect(counted.client.sessions.sessions()).toMatchObject([{ sessionId: id, state: 'idle' }]);
  expect(counted.client.sessions.clock()).toMatchObject({ offsetSeconds: 0 });
  expect(changes).toHaveBeenCalled();
  expect(counted.opened()).toBe(1);

  for (const { unfollow } of followers) unfollow();
  expect(counted.openNow()).toBe(1);
  unsubscribe();
  await vi.waitFor(() => expect(counted.openNow()).toBe(0));
  expect(counted.client.sessions.sessions()).toEqual([]);
});

test('a later follower gets the current reading', async () => {
  const counted = await useCountedEmulator();
  const id = sessionId('later');
  await counted.emulator.invoke({ runtimeSessionId: id });
  const first = useFollower(counted, id);
  await vi.waitFor(() => expect(first.states()).toEqual(['idle']));
  expect(useFollower(counted, id).states()).toEqual(['idle']);
  const other = useFollower(counted, sessionId('unused'));
  await vi.waitFor(() => expect(other.last()?.runs).toEqual([]));
  expect(counted.opened()).toBe(1);
});

test('a broken stream is reported and reopened, with the changes since', async () => {
  const counted = await useCountedEmulator();
  const id = sessionId('broken');
  const follower = useFollower(counted, id);
  await vi.waitFor(() => expect(follower.last()?.runs).toEqual([]));
  counted.breakStreams();
  await vi.waitFor(() => expect(follower.last()).toBeNull());
  expect(counted.client.sessions.clock()).toBeNull();
  await counted.emulator.invoke({ runtimeSessionId: id });
  await vi.waitFor(() => expect(follower.states()).toEqual(['idle']), 5000);
  expect(counted.opened()).toBe(2);
});

test('a reading follows the clock and has every run of its session', async () => {
  const counted = await useCountedEmulator();
  const { emulator } = counted;
  const id = sessionId('clock');
  await emulator.invoke({ runtimeSessionId: id });
  const { last, states } = useFollower(counted, id);
  await vi.waitFor(() => expect(states()).toEqual(['idle']));
  await emulator.admin('/clock', { advanceSeconds: 1000 });
  const { offsetSeconds } = await emulator.admin<ClockReading>('/clock');
  await vi.waitFor(() =>
    expect(last()).toMatchObject({
      offsetSeconds,
      runs: [{ state: 'terminated', reason: 'idle-timeout' }],
    }),
  );
  await emulator.invoke({ runtimeSessionId: id });
  await vi.waitFor(() => expect(states()).toEqual(['terminated', 'idle']));
});

test('the admin client rejects with the emulator’s own message', async () => {
  const { url, agent } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const admin = createAdminClient(url);
  expect(await admin.health()).toMatchObject({ status: 'ready', url });
  expect(await admin.agents()).toEqual([agent]);
  const run = { runtimeId: agent.runtimeId, sessionId: sessionId('none'), run: 1 };
  await expect(admin.logs(run)).rejects.toThrow(/No session 'none-/);
});
