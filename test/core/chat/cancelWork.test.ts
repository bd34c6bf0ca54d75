import { expect, onTestFinished, test, vi } from 'vitest';
import { useChatWithRegistry } from '../../support/localChat.ts';
import { createTestRegistry, exampleAgent, fakeConnection } from '../../support/registry.ts';

test('an unanswered cancel payload is aborted after the turn has ended', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const aborted: string[] = [];
  const agent = exampleAgent('A');
  const connection = fakeConnection(
    ({ text }, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          aborted.push(text === '' ? 'the cancel payload' : text);
          reject(signal.reason as Error);
        });
      }),
  );
  const { view } = useChatWithRegistry(createTestRegistry({ agents: [agent], connection }));
  const template = { message: '{"prompt": "{{input}}"}', cancel: '{"cancel": true}' };
  view.send({ type: 'saveTemplate', agent: agent.id, template });
  view.send({ type: 'send', prompt: 'work' });
  view.send({ type: 'cancelWork' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(aborted).toEqual([]);
  view.send({ type: 'stop', turn: view.state()!.turns[0]!.id });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(aborted).toEqual(['work']);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(aborted).toEqual(['work', 'the cancel payload']);
  expect(view.state()!.problem).toBeNull();
});
