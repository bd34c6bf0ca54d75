import { expect, test } from 'vitest';
import type { StartProgress } from '../../../src/shared/chat/session.ts';
import { useAgent } from '../../support/agents.ts';
import { useChat } from '../../support/chat.ts';
import { useEmulator } from '../../support/emulator.ts';

test('a slow start is shown with the last log lines and the elapsed time', async () => {
  const agent = await useAgent(`
    import { createServer } from 'node:http';
    createServer(() => {}).listen(0, '127.0.0.1', () => console.log('at your service'));
  `);
  const emulator = await useEmulator({ agents: [agent] });
  const { view } = useChat(emulator);
  view.send({ type: 'send', prompt: 'hello' });
  await view.until(({ session: now }) => now.state === 'starting' && now.start.printed !== null);
  await emulator.admin('/clock', { advanceSeconds: 5 });
  const secondsLeft = (start: StartProgress) =>
    (Date.parse(start.deadline!.at) - Date.now()) / 1000;
  // The note arrives shortly before the clock's new offset.
  const { session } = await view.until(
    ({ session: now }) =>
      now.state === 'starting' && now.start.warning !== null && secondsLeft(now.start) < 116,
  );
  if (session.state !== 'starting') throw new Error('it has started');
  expect(session.start.warning).toMatch(
    /does not listen on port 8080 5 s after its start\. It listens on port \d+/,
  );
  expect(session.start.printed).toBe('at your service');
  expect(secondsLeft(session.start)).toBeGreaterThan(90);
});
