import { DeleteEventCommand } from '@aws-sdk/client-bedrock-agentcore';
import { ListMemoriesCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { eventRanges } from '../../../../emulator/services/memory/branches.ts';
import { exportFrom, importInto } from '../../../support/lines.ts';
import { BEGINNING, here, useMemory, type TestMemory } from '../../../support/memory.ts';

const memory = { type: 'memory', name: 'Notes', eventExpiryDuration: 30 };
const DAY = 24 * 60 * 60;
const idTime = (seconds: number) => String(BEGINNING + seconds * 1_000).padStart(19, '0');

/** An event line with a time in seconds after the first event. */
const eventLine = (seconds: number, more: object = {}) => ({
  type: 'event',
  memory: 'Notes',
  ...here,
  eventTimestamp: new Date(BEGINNING + seconds * 1_000),
  eventId: `${idTime(seconds)}#00000001`,
  payload: [{ conversational: { role: 'USER', content: { text: `at ${seconds}` } } }],
  ...more,
});

const history = (name: string) => ({
  filter: { branch: { name, includeParentBranches: true } },
  maxResults: 100,
});

/** Main has m1 and m2. Branch b starts at m1, branch c at the second event of b, which is deleted. */
async function useDeletedRoot(options: Parameters<typeof useMemory>[0] = {}) {
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

test('A branch keeps its history when its root event is deleted.', async () => {
  const memory = await useDeletedRoot();
  await expectHistories(memory, memory.memoryId);
  await memory.say(memory.memoryId, 'c2', { branch: { name: 'c' } });
  expect(await memory.said(memory.memoryId, history('c'))).toEqual(['c2', 'c1', 'b1', 'm1']);
});

test('An export and import keeps the root of a branch.', async () => {
  const memory = await useDeletedRoot();
  const lines = await exportFrom(memory.emulator);
  const other = await useMemory();
  expect(await importInto(other.emulator, lines)).toMatchObject({ status: 200 });
  await expectHistories(other, memory.memoryId);
  expect(await exportFrom(other.emulator)).toBe(lines);
});

const ownRoot = { name: 'q', rootEventId: `${idTime(1)}#00000001` };
const laterRoot = { name: 'q', rootEventId: `${idTime(2)}#00000001` };
const session = (branches: unknown) => ({
  type: 'session',
  memory: 'Notes',
  ...here,
  createdAt: new Date(BEGINNING),
  branches,
});

test.for([
  [
    'an event that is its own root',
    [eventLine(1, { branch: ownRoot })],
    2,
    /does not exist in this session/,
  ],
  [
    'two branches that start in each other',
    [
      eventLine(1, { branch: laterRoot }),
      eventLine(2, { branch: { name: 'r', rootEventId: ownRoot.rootEventId } }),
    ],
    2,
    /branch.rootEventId: event .* does not exist in this session/,
  ],
  [
    'a root in another session',
    [eventLine(2, { sessionId: 'two' }), eventLine(1, { branch: laterRoot })],
    3,
    /belongs to another session/,
  ],
  [
    'a parent that is not a branch',
    [session([{ ...ownRoot, parent: 'r' }])],
    2,
    /branches: 'r', the parent of q, is not a branch/,
  ],
  ['a branch that is its own parent', [session([{ ...ownRoot, parent: 'q' }])], 2, /branches: 'q'/],
  ['branches that are not an array', [session('b')], 2, /branches: "b" is not an array/],
  ['a branch that is not an object', [session(['b'])], 2, /branches: "b" is not an object/],
  [
    'main as a branch',
    [session([{ ...ownRoot, name: 'main', parent: 'q' }])],
    2,
    /main starts with/,
  ],
  [
    'a wrong root',
    [session([{ ...ownRoot, rootEventId: '?', parent: 'main' }])],
    2,
    /'branch.root/,
  ],
] as const)('An import with %s is rejected and adds nothing.', async ([, lines, number, why]) => {
  const { emulator } = await useMemory();
  const { status, message } = await importInto(emulator, [memory, ...lines]);
  expect(message).toMatch(new RegExp(`^line ${number}: .*${why.source}`));
  expect(status).toBe(400);
});

test('A cycle of branches ends the search for parents.', () => {
  let calls = 0;
  const findRoot = (branch: string) => {
    calls += 1;
    if (calls > 10) throw new Error('infinite loop');
    return { id: `at ${branch}`, branch: branch === 'a' ? 'b' : 'a' };
  };
  expect(eventRanges({ name: 'a', includeParentBranches: true }, findRoot)).toEqual([
    { branch: 'a', upTo: null },
    { branch: 'b', upTo: 'at a' },
  ]);
});

test('Branches can be nested 700 levels deep.', async () => {
  const { emulator, said, control } = await useMemory();
  const depth = 700;
  const lines = Array.from({ length: depth }, (_, at) =>
    eventLine(
      at,
      at > 0 ? { branch: { name: `b${at}`, rootEventId: `${idTime(at - 1)}#00000001` } } : {},
    ),
  );
  await importInto(emulator, [memory, ...lines]);
  const { memories } = await control.send(new ListMemoriesCommand({}));
  const newest = Array.from({ length: 100 }, (_, index) => `at ${depth - 1 - index}`);
  expect(await said(memories![0]!.id!, history(`b${depth - 1}`))).toEqual(newest);
});

test('A branch cannot start at an expired event.', async () => {
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
