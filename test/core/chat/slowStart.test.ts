import { expect, test } from 'vitest';
import { useAgent } from '../../support/agents.ts';
import { useChat } from '../../support/chat.ts';
import { useEmulator } from '../../support/emulator.ts';

test('a slow start is shown with the last log lines and the elapsed time', async () => {
  const agent = await useAgent(`
    import { createServer } from 'node:http';
    createServer(() => {}).listen(0, '127.0.0.1', () => console.log('at your service'));
  `);
  const { view } = useChat(await useEmulator({ agents: [agent] }));
  view.send({ type: 'send', prompt: 'hello' });
  const { session } = await view.until(
    ({ session: now }) =>
      now.state === 'starting' && now.start.warning !== null && now.start.printed !== null,
  );
  if (session.state !== 'starting') throw new Error('it has started');
  expect(session.start.warning).toMatch(/not reached on port 8080 yet\. It listens on port \d+/);
  expect(session.start.printed).toBe('at your service');
  const left = Date.parse(session.start.readyBy!) - Date.now();
  expect(left / 1000).toBeGreaterThan(30);
  expect(left / 1000).toBeLessThan(56);
});
