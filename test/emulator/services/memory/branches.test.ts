import { DeleteEventCommand } from '@aws-sdk/client-bedrock-agentcore';
import { ListMemoriesCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { eventRanges } from '../../../../emulator/services/memory/branches.ts';
import { exportFrom, importInto } from '../../../support/lines.ts';
import { BEGINNING, here, useMemory, type TestMemory } from '../../../support/memory.ts';

const memory = { type: 'memory', name: 'Notes', eventExpiryDuration: 30 };
const DAY = 24 * 60 * 60;
const timeOf = (seconds: number) => String(BEGINNING + seconds * 1_000).padStart(19, '0');

/** An event as a line says it, so many seconds after the beginning. */
const lineOf = (seconds: number, more: object = {}) => ({
  type: 'event',
  memory: 'Notes',
  ...here,
  eventTimestamp: new Date(BEGINNING + seconds * 1_000),
  eventId: `${timeOf(seconds)}#00000001`,
  payload: [{ conversational: { role: 'USER', content: { text: `at ${seconds}` } } }],
  ...more,
});

const history = (name: string) => ({
  filter: { branch: { name, includeParentBranches: true } },
  maxResults: 100,
});

/** Main has m1 and m2, the branch b began at m1, and c at the second event of b, which is deleted. */
async function useRootless(options: Parameters<typeof useMemory>[0] = {}) {
  const memory = await useMemory(options);
  const { id: memoryId = '' } = await memory.create();
  const m1 = await memory.say(memoryId, 'm1');
  await memory.say(memoryId, 'b1', { branch: { name: 'b', rootEventId: m1.eventId } });
  await memory.say(memoryId, 'm2');
  const { eventId } = await memory.say(memoryId, 'b2', { branch: { name: 'b' } });
  await memory.say(memoryId, 'b3', { branch: { name: 'b' } });
  await memory.say(memoryId, 'c1', { branch: { name: 'c', rootEventId: eventId } });
  await memory.data.send(new DeleteEventCommand({ memoryId, ...here, eventId }));
  return { ...memory, memoryId };
}

const expectHistories = async ({ said }: Pick<TestMemory, 'said'>, id: string) => {
  expect(await said(id, history('c'))).toEqual(['c1', 'b1', 'm1']);
  expect(await said(id, history('b'))).toEqual(['b3', 'b1', 'm1']);
};

test('a branch whose first event’s root is deleted still has the history that led to it', async () => {
  const kept = await useRootless();
  await expectHistories(kept, kept.memoryId);
  await kept.say(kept.memoryId, 'c2', { branch: { name: 'c' } });
  expect(await kept.said(kept.memoryId, history('c'))).toEqual(['c2', 'c1', 'b1', 'm1']);
});

test('where a branch began goes with its session into an export and out of it', async () => {
  const kept = await useRootless();
  const lines = await exportFrom(kept.emulator);
  const other = await useMemory();
  expect(await importInto(other.emulator, lines)).toMatchObject({ status: 200 });
  await expectHistories(other, kept.memoryId);
  expect(await exportFrom(other.emulator)).toBe(lines);
});

const self = { name: 'q', rootEventId: `${timeOf(1)}#00000001` };
const later = { name: 'q', rootEventId: `${timeOf(2)}#00000001` };
const session = (branches: unknown) => ({
  type: 'session',
  memory: 'Notes',
  ...here,
  createdAt: new Date(BEGINNING),
  branches,
});

test.for([
  ['an event that begins at itself', [lineOf(1, { branch: self })], 2, /there is no event/],
  [
    'two branches that begin in each other',
    [
      lineOf(1, { branch: later }),
      lineOf(2, { branch: { name: 'r', rootEventId: self.rootEventId } }),
    ],
    2,
    /branch.rootEventId: there is no event/,
  ],
  [
    'a root in another session',
    [lineOf(2, { sessionId: 'two' }), lineOf(1, { branch: later })],
    3,
    /is an event of another session/,
  ],
  [
    'a parent that is no branch',
    [session([{ ...self, parent: 'r' }])],
    2,
    /branches: 'r', the parent of q, is no branch/,
  ],
  ['a branch that is its own parent', [session([{ ...self, parent: 'q' }])], 2, /branches: 'q'/],
  ['branches that are no list', [session('b')], 2, /branches: "b" is no list/],
  ['a branch that is no object', [session(['b'])], 2, /branches: "b" is no object/],
  ['main as a branch', [session([{ ...self, name: 'main', parent: 'q' }])], 2, /main begins with/],
  ['a wrong root', [session([{ ...self, rootEventId: '?', parent: 'main' }])], 2, /'branch.root/],
] as const)(
  'nothing is imported with %s, which no client could have made',
  async ([, lines, number, why]) => {
    const { emulator } = await useMemory();
    const { status, message } = await importInto(emulator, [memory, ...lines]);
    expect(message).toMatch(new RegExp(`^line ${number}: .*${why.source}`));
    expect(status).toBe(400);
  },
);

test('branches that lead to each other, in a file that others wrote, are gone through once', () => {
  let asked = 0;
  const rootOf = (branch: string) => {
    asked += 1;
    if (asked > 10) throw new Error('it goes round in circles');
    return { id: `at ${branch}`, branch: branch === 'a' ? 'b' : 'a' };
  };
  expect(eventRanges({ name: 'a', includeParentBranches: true }, rootOf)).toEqual([
    { branch: 'a', upTo: null },
    { branch: 'b', upTo: 'at a' },
  ]);
});

test('branches may be nested as deep as anyone likes', async () => {
  const { emulator, said, control } = await useMemory();
  const depth = 700;
  const lines = Array.from({ length: depth }, (_, at) =>
    lineOf(
      at,
      at > 0 ? { branch: { name: `b${at}`, rootEventId: `${timeOf(at - 1)}#00000001` } } : {},
    ),
  );
  await importInto(emulator, [memory, ...lines]);
  const { memories } = await control.send(new ListMemoriesCommand({}));
  const newest = Array.from({ length: 100 }, (_, index) => `at ${depth - 1 - index}`);
  expect(await said(memories![0]!.id!, history(`b${depth - 1}`))).toEqual(newest);
});

test('a branch does not begin at an event that has expired', async () => {
  const { emulator, create, say } = await useMemory();
  const { id = '' } = await create({ eventExpiryDuration: 3 });
  const { eventId: rootEventId } = await say(id, 'old');
  await emulator.admin('/clock', { advanceSeconds: 3 * DAY - 60 });
  await say(id, 'new');
  // Before the hourly sweep.
  await emulator.admin('/clock', { advanceSeconds: 61 });
  await expect(say(id, 'b1', { branch: { name: 'b', rootEventId } })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
