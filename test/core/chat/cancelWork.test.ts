import { expect, onTestFinished, test, vi } from 'vitest';
import { untold } from '../../support/chat.ts';
import { useChatOf } from '../../support/localChat.ts';

test('a cancel payload that is never answered is given up some time after the turn has ended', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const given: string[] = [];
  const { view } = useChatOf({
    source: {
      now: () => ({
        connection: { state: 'ready' },
        agents: [{ id: 'a', name: 'A', protocol: 'HTTP', deployment: null }],
      }),
      onChange: () => () => {},
    },
    invoke: ({ text }, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          given.push(text === '' ? 'the cancel payload' : text);
          reject(signal.reason as Error);
        });
      }),
    tools: async () => [],
    sessions: untold,
  });
  const template = { message: '{"prompt": "{{input}}"}', cancel: '{"cancel": true}' };
  view.send({ type: 'keepTemplate', agent: 'a', template });
  view.send({ type: 'send', prompt: 'work' });
  view.send({ type: 'cancelWork' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(given).toEqual([]);
  view.send({ type: 'stop', turn: view.state()!.turns[0]!.id });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(given).toEqual(['work']);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(given).toEqual(['work', 'the cancel payload']);
  expect(view.state()!.problem).toBeNull();
});
