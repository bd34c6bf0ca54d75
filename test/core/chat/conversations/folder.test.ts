import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ConversationHead } from '../../../../src/core/chat/conversations/conversationStore.ts';
import { openChatStorage } from '../../../../src/core/chat/conversations/chatStorage.ts';
import { mergeHeads } from '../../../../src/core/chat/conversations/mergeHeads.ts';
import { openConversationFolder } from '../../../../src/core/chat/conversations/conversationFolder.ts';
import { writeTurn } from '../../../../src/core/chat/conversations/conversationFormat.ts';
import type { Turn } from '../../../../src/shared/chat/turn.ts';
import { exampleTool, exampleTurn } from '../../../support/chatState.ts';
import { exampleAgent } from '../../../support/registry.ts';

async function useFolder() {
  const path = await mkdtemp(join(tmpdir(), 'conversations-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  const warnings: string[] = [];
  const logger = { warn: (message: string) => void warnings.push(message) };
  return { path, warnings, open: () => openConversationFolder({ path, logger }) };
}

function head(id: string, updatedAt = 0): ConversationHead {
  return {
    id,
    title: `title of ${id}`,
    target: exampleAgent('Assistant').target,
    agentName: 'Assistant',
    actorId: 'me',
    sessionId: `${id}-`.padEnd(36, '0'),
    runStartedAt: '2030-01-01T00:00:00.000Z',
    opening: { why: 'forked' },
    createdAt: 0,
    updatedAt,
  };
}

function turn(id: string, text = 'said'): Turn {
  return exampleTurn({
    id,
    prompt: `prompt of ${id}`,
    opening: { why: 'idle-timeout' },
    parts: [
      { type: 'text', text },
      { type: 'thinking', text: 'hm' },
      { type: 'guardrail', text: 'no' },
      exampleTool(),
    ],
    usage: { inputTokens: 3 },
    firstAt: 2,
    endedAt: 3,
    outcome: { type: 'failed', failure: { name: 'Error', message: 'boom' } },
  });
}

test('stored conversations survive a restart, latest first', async () => {
  const { open, path } = await useFolder();
  const first = await open();
  for (const [id, at] of [
    ['a', 1],
    ['b', 3],
    ['c', 2],
  ] as const)
    first.saveHead(head(id, at));
  first.saveTurn('a', turn('1'));
  first.saveTurn('a', turn('2'));
  await first.settled();

  const again = await open();
  expect(again.heads()).toEqual([head('b', 3), head('c', 2), head('a', 1)]);
  expect(await again.turns('a')).toEqual([turn('1'), turn('2')]);
  expect(await again.turns('b')).toEqual([]);
  expect((await stat(join(path, 'a'))).mode & 0o777).toBe(0o700);
  expect((await stat(join(path, 'a', 'turns.jsonl'))).mode & 0o777).toBe(0o600);
});

test('a turn that is stored again replaces the earlier one', async () => {
  const { open } = await useFolder();
  const conversations = await open();
  conversations.saveTurn('a', turn('1', 'half'));
  conversations.saveTurn('a', turn('2'));
  conversations.saveTurn('a', turn('1', 'whole'));
  expect(await conversations.turns('a')).toEqual([turn('1', 'whole'), turn('2')]);
});

test('an incomplete line affects no other turn', async () => {
  const { open, path } = await useFolder();
  const conversations = await open();
  conversations.saveTurn('a', turn('1'));
  await conversations.settled();
  await appendFile(join(path, 'a', 'turns.jsonl'), '\n{"id":"2","prompt":"cut o');
  conversations.saveTurn('a', turn('3'));
  expect(await conversations.turns('a')).toEqual([turn('1'), turn('3')]);
});

test('a turn that was running when the program ended is interrupted', async () => {
  const { open } = await useFolder();
  const conversations = await open();
  conversations.saveTurn('a', { ...turn('1'), outcome: null, endedAt: null });
  expect(await conversations.turns('a')).toMatchObject([
    { outcome: { type: 'failed', failure: { name: 'Interrupted' } } },
  ]);
});

test('an unreadable conversation is left unchanged and skipped', async () => {
  const { open, path, warnings } = await useFolder();
  const first = await open();
  first.saveHead(head('good'));
  await first.settled();
  for (const [name, text] of [
    ['torn', '{"version":1,"id":"to'],
    ['later', '{"version":2}'],
    ['stranger', JSON.stringify({ version: 1, ...head('another') })],
  ] as const) {
    await mkdir(join(path, name));
    await writeFile(join(path, name, 'conversation.json'), text);
  }
  await mkdir(join(path, 'empty'));
  await writeFile(join(path, 'a file'), '');

  expect((await open()).heads()).toEqual([head('good')]);
  expect(warnings).toHaveLength(4);
  expect(warnings.join()).toMatch(/stranger is skipped: its ID is another/);
  expect(await readdir(path)).toEqual(expect.arrayContaining(['torn', 'later', 'stranger']));
});

test('a removed conversation can be restored until a restart', async () => {
  const { open } = await useFolder();
  const conversations = await open();
  for (const id of ['a', 'b']) {
    conversations.saveHead(head(id));
    conversations.saveTurn(id, turn('1'));
  }
  conversations.remove('a');
  conversations.remove('b');
  expect(conversations.heads()).toEqual([]);
  // Turns that end after the removal are dropped.
  conversations.saveTurn('b', turn('2'));
  conversations.restore('a');
  expect(await conversations.turns('a')).toEqual([turn('1')]);
  await conversations.settled();

  const again = await open();
  expect(again.heads()).toEqual([head('a')]);
  again.restore('b');
  await again.settled();
  expect((await open()).heads()).toEqual([head('a')]);
});

test('a write failure is reported, and other writes succeed', async () => {
  const { open, path, warnings } = await useFolder();
  const conversations = await open();
  await writeFile(join(path, 'a'), 'in the way of the folder');
  conversations.saveHead(head('a'));
  conversations.saveHead(head('b'));
  await conversations.settled();
  expect(warnings).toEqual([expect.stringContaining(join(path, 'a', 'conversation.json'))]);
  expect((await open()).heads()).toEqual([head('b')]);
});

test('a failed write is repeated with the next one', async () => {
  const { open, path } = await useFolder();
  const conversations = await open();
  await writeFile(join(path, 'a'), 'in the way of the folder');
  conversations.saveHead(head('a'));
  conversations.saveTurn('a', turn('1'));
  await conversations.settled();
  await rm(join(path, 'a'));
  conversations.saveHead(head('a'));
  conversations.saveTurn('a', turn('2'));
  await conversations.settled();
  const again = await open();
  expect(again.heads()).toEqual([head('a')]);
  expect(await again.turns('a')).toEqual([turn('1'), turn('2')]);
  const lines = await readFile(join(path, 'a', 'turns.jsonl'), 'utf8');
  conversations.saveTurn('a', turn('3'));
  await conversations.settled();
  expect(await readFile(join(path, 'a', 'turns.jsonl'), 'utf8')).toBe(lines + writeTurn(turn('3')));
});

test('changes of two windows are merged', async () => {
  const { open } = await useFolder();
  const first = await open();
  first.saveHead(head('a'));
  await first.settled();
  const second = await open();
  second.saveHead({ ...head('a'), title: 'named there' });
  await second.settled();
  first.saveHead({ ...head('a', 7), runStartedAt: '2031-01-01T00:00:00.000Z', opening: null });
  first.saveTurn('a', turn('1'));
  await first.settled();
  expect(first.heads()).toMatchObject([{ title: 'named there' }]);
  second.saveHead({ ...head('a', 5), title: 'named there', agentName: 'Another' });
  second.saveTurn('a', turn('2'));
  await second.settled();

  const third = await open();
  expect(third.heads()).toEqual([
    {
      ...head('a', 7),
      title: 'named there',
      agentName: 'Another',
      runStartedAt: '2031-01-01T00:00:00.000Z',
      opening: null,
    },
  ]);
  expect(await third.turns('a')).toEqual([turn('1'), turn('2')]);
});

test('the session fields of a conversation come from one window', () => {
  const before = head('a');
  const theirs = { ...before, runStartedAt: 'theirs', opening: null };
  expect(mergeHeads(before, { ...before, sessionId: 'another' }, theirs)).toEqual({
    ...before,
    sessionId: 'another',
  });
});

test('continuing a conversation that another window removed restores it', async () => {
  const { open } = await useFolder();
  const first = await open();
  first.saveHead(head('a'));
  first.saveTurn('a', turn('1'));
  await first.settled();
  const second = await open();
  second.remove('a');
  await second.settled();
  first.saveTurn('a', turn('2'));
  first.saveHead(head('a', 1));
  await first.settled();
  const third = await open();
  expect(third.heads()).toEqual([head('a', 1)]);
  expect(await third.turns('a')).toEqual([turn('1'), turn('2')]);
});

test('an unusable folder is reported, and the program continues', async () => {
  const { path, warnings, open } = await useFolder();
  const file = join(path, 'a file');
  await writeFile(file, 'where the folder should be');
  const logger = { warn: (message: string) => void warnings.push(message) };
  const { latest, conversations } = await openChatStorage({ path: file, logger });
  expect(latest).toBeNull();
  expect(warnings).toContainEqual(expect.stringMatching(/^conversations are not stored: ENOTDIR/));
  conversations.saveHead(head('a'));
  expect(conversations.heads()).toEqual([head('a')]);
  // A failure that is reported later does not end the program either.
  await (await open()).settled();
  await new Promise((resolve) => setImmediate(resolve));
});

test('removed conversations are deleted when the folder is opened again', async () => {
  const { path, open } = await useFolder();
  const first = await open();
  first.saveHead(head('a'));
  first.remove('a');
  await first.settled();
  expect(await readdir(join(path, '.removed'))).toEqual(['a']);
  await (await open()).settled();
  expect(await readdir(path)).toEqual([]);
});
