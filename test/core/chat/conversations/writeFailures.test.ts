import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openChatStorage } from '../../../../src/core/chat/conversations/chatStorage.ts';
import { echoAgent } from '../../../support/agents.ts';
import { useEmulator } from '../../../support/emulator.ts';
import { useLocalChat } from '../../../support/localChat.ts';
import { useProtocolAgent } from '../../../support/protocolAgent.ts';

async function useChatIn(path: string) {
  const { url } = await useEmulator({ agents: [await useProtocolAgent('HTTP', echoAgent)] });
  const storage = await openChatStorage({ path, logger: { warn() {} } });
  return { ...(await useLocalChat(url, storage.conversations)), storage };
}

async function usePath(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'conversations-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('a file that cannot be written is named, and is written once that is possible', async () => {
  const path = await usePath();
  const { view, ask, storage } = await useChatIn(path);
  const { conversation } = await view.until(({ agent }) => agent !== null);
  await writeFile(join(path, conversation), 'in the way of the folder');
  await ask('one');
  await storage.conversations.settled();
  expect(view.state()!.problem).toMatch(
    /^Messages are not stored: cannot write .*\/turns\.jsonl .*export/,
  );
  expect(view.state()!.problem).toContain(join(path, conversation));

  await rm(join(path, conversation));
  await ask('two');
  await storage.conversations.settled();
  expect(view.state()!.problem).toBeNull();
  const again = await openChatStorage({ path, logger: { warn() {} } });
  expect(again.latest?.turns.map(({ prompt }) => prompt)).toEqual(['one', 'two']);
});

test('an unusable folder is named, with the advice to export', async () => {
  const path = join(await usePath(), 'a file');
  await writeFile(path, 'where the folder should be');
  const { view, ask } = await useChatIn(path);
  await ask('one');
  expect(view.state()!.problem).toMatch(
    /^Conversations are not stored: cannot use the folder .*a file .*export/,
  );
});
