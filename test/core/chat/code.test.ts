import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useAgent } from '../../support/agents.ts';
import { scriptedAgent, useChat } from '../../support/chat.ts';
import { useEmulator } from '../../support/emulator.ts';

test('a code change that does not start is reported until it is fixed', async () => {
  const source = await useAgent(scriptedAgent);
  const emulator = await useEmulator({ agents: [source] });
  const { view, host } = useChat(emulator);
  const change = (code: string) => writeFile(join(source.code, 'main.mjs'), code);
  view.send({ type: 'send', prompt: 'hello' });
  await view.until(({ session }) => session.state === 'idle');

  await change('const const pause = 1;');
  const { session } = await view.until(({ session: now }) => 'brokenCode' in now);
  expect(session).toMatchObject({
    state: 'idle',
    brokenCode: { file: 'main.mjs', why: expect.stringContaining('SyntaxError') },
  });
  // A chat that opens later gets the report, too.
  const { view: later } = useChat(emulator);
  later.send({ type: 'identify', actorId: null, sessionId: host.state().sessionId });
  await later.until(({ session: now }) => 'brokenCode' in now);

  await change(scriptedAgent);
  await view.until(({ session: now }) => now.state === 'idle' && !('brokenCode' in now));
});
