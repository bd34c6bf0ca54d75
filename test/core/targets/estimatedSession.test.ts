import { expect, test, vi } from 'vitest';
import { estimateEnd } from '../../../src/core/targets/sessionEstimate.ts';
import type { ProjectAgentSource } from '../../../emulator/index.ts';
import type { SavedTarget } from '../../../src/core/targets/awsAgents.ts';
import type { Target } from '../../../src/shared/target.ts';
import { useAwsChat } from '../../support/awsChat.ts';

/** Opens a chat with an agent in AWS that has these session timeouts. */
async function useDeployed(
  lifecycle: ProjectAgentSource['lifecycle'],
  change: Partial<Target> = {},
) {
  let saved: readonly SavedTarget[] = [];
  const store = {
    read: () => saved,
    write: (targets: readonly SavedTarget[]) => void (saved = targets),
  };
  const chat = await useAwsChat({ store, lifecycle });
  chat.talkTo(chat.target(change));
  return { ...chat, saved: () => saved };
}

const openings = ({ view }: Awaited<ReturnType<typeof useDeployed>>) =>
  view.state()!.turns.map(({ opening }) => opening);

test('a session’s end in AWS is estimated from the chat’s turns and the runtime’s settings, which are read once', async () => {
  const chat = await useDeployed({ idleRuntimeSessionTimeout: 120, maxLifetime: 600 });
  const { view, ask, later, readLifecycle, saved } = chat;
  expect(view.state()!.session).toEqual({ state: 'none' });
  expect(readLifecycle).not.toHaveBeenCalled();
  const { askedAt, endedAt } = await ask('one');
  const { session } = await view.until(
    ({ session: now }) => now.state === 'idle' && now.estimate?.basis === 'settings',
  );
  const expectNear = (at: string, time: number) =>
    expect(Math.abs(Date.parse(at) - time)).toBeLessThan(1000);
  if (session.state !== 'idle') return expect.fail(session.state);
  expect(session.limit).toBe('idle-timeout');
  expectNear(session.endsAt, endedAt! + 120_000);
  expectNear(session.estimate!.maxEndsAt, askedAt + 600_000);
  expect(saved()).toMatchObject([{ lifecycle: { idleSeconds: 120, maxSeconds: 600 } }]);

  // Each turn updates the estimate, without a timer.
  later(119);
  await ask('two');
  later(121);
  await ask('three');
  for (let turn = 0; turn < 6; turn += 1) {
    later(110);
    await ask('on');
  }
  expect(openings(chat)).toEqual([
    null,
    null,
    { why: 'idle-timeout', isEstimated: true },
    ...Array<null>(5).fill(null),
    { why: 'max-lifetime', isEstimated: true },
  ]);
  expect(readLifecycle).toHaveBeenCalledOnce();
});

test('Stop ends the session in AWS, and the next turn starts a new run', async () => {
  const chat = await useDeployed({});
  const { view, ask, aws } = chat;
  await ask('one');
  view.send({ type: 'stopSession' });
  const { session } = await view.until(({ session: now }) => now.state === 'ended');
  expect(session).toMatchObject({ reason: 'stopped' });
  await vi.waitFor(async () =>
    expect(await aws.sessions()).toMatchObject([{ state: 'terminated', reason: 'stopped' }]),
  );
  await ask('two');
  expect(openings(chat)).toEqual([null, { why: 'stopped' }]);
  expect(view.state()!.session).toMatchObject({ state: 'idle' });
});

test('a caller who may not read the runtime gets an estimate from AWS’s defaults', async () => {
  const { view, ask, readLifecycle } = await useDeployed({ idleRuntimeSessionTimeout: 120 });
  readLifecycle.mockRejectedValue(new Error('AccessDeniedException'));
  const { endedAt } = await ask('one');
  const { session } = view.state()!;
  expect(session).toMatchObject({ state: 'idle', estimate: { basis: 'defaults' } });
  if (session.state !== 'idle') return;
  expect(Math.abs(Date.parse(session.endsAt) - endedAt! - 900_000)).toBeLessThan(1000);
  await ask('two');
  expect(readLifecycle).toHaveBeenCalledOnce();
});

test('a turn that AWS refuses starts no session', async () => {
  const { view, ask } = await useDeployed({}, { qualifier: 'staging' });
  expect(await ask('one')).toMatchObject({
    outcome: { failure: { name: 'ResourceNotFoundException' } },
  });
  expect(view.state()!.session).toEqual({ state: 'none' });
});

test('the estimate of a reopened conversation starts from its last turn', async () => {
  const { view, ask, later } = await useDeployed({});
  await ask('one');
  const { conversation } = view.state()!;
  view.send({ type: 'newConversation' });
  expect(view.state()!.session).toEqual({ state: 'none' });
  view.send({ type: 'openConversation', conversation });
  await view.until(({ session }) => session.state === 'idle');
  view.send({ type: 'newConversation' });
  later(901);
  view.send({ type: 'openConversation', conversation });
  const { session, opening } = await view.until(({ session: now }) => now.state === 'ended');
  expect(session).toMatchObject({ state: 'ended', reason: 'idle-timeout', logTail: null });
  expect(opening).toEqual({ why: 'idle-timeout', isEstimated: true });
});

test('a busy run cannot be idle, and a stopped one has ended', () => {
  const run = { startedAt: 0, lastActivityAt: 50_000, isBusy: false, isStopped: false };
  const lifecycle = { idleSeconds: 60, maxSeconds: 100 };
  expect(estimateEnd(run, lifecycle, 99_999)).toBe(null);
  expect(estimateEnd(run, lifecycle, 100_000)).toBe('max-lifetime');
  expect(estimateEnd({ ...run, lastActivityAt: 20_000 }, lifecycle, 80_000)).toBe('idle-timeout');
  expect(estimateEnd({ ...run, isBusy: true }, lifecycle, 200_000)).toBe(null);
  expect(estimateEnd({ ...run, isStopped: true }, lifecycle, 50_000)).toBe('stopped');
});
