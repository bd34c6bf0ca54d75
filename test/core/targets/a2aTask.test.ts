import { expect, test } from 'vitest';
import { createInMemoryConversations } from '../../../src/core/chat/conversations/inMemoryConversations.ts';
import { answerText, type Turn } from '../../../src/shared/chat/turn.ts';
import { a2aServer } from '../../support/a2a.ts';
import { serverAgent } from '../../support/agents.ts';
import { useEmulator } from '../../support/emulator.ts';
import { useLocalChat } from '../../support/localChat.ts';
import { useProtocolAgent } from '../../support/protocolAgent.ts';

// Completes a task after three messages. The message `fail` fails the task.
const booking = a2aServer(`
  const states = { working: 2, completed: 3, failed: 4, inputRequired: 6 };
  const publish = (state, value) => bus.publish(AgentEvent.statusUpdate({
    taskId, contextId, metadata: undefined,
    status: {
      state: states[state], timestamp: undefined,
      message: {
        messageId: randomUUID(), contextId, taskId, role: Role.ROLE_AGENT, parts: parts(value),
        metadata: undefined, extensions: [], referenceTaskIds: [],
      },
    },
  }));
  globalThis.received ??= new Map();
  const received = [...(globalThis.received.get(taskId) ?? []), text];
  globalThis.received.set(taskId, received);
  bus.publish(AgentEvent.task({
    id: taskId, contextId, artifacts: [], history: [], metadata: undefined,
    status: { state: states.working, message: undefined, timestamp: undefined },
  }));
  const state = text === 'fail' ? 'failed' : received.length === 3 ? 'completed' : 'inputRequired';
  publish(state, { received });
`);

const useBooking = async () =>
  useEmulator({ agents: [await useProtocolAgent('A2A', booking)] }).then(({ url }) => url);

/** Returns the messages that the task received, and whether it waits for another one. */
function readTask(turn: Turn): readonly [received: readonly string[], isWaiting: boolean] {
  const { received } = JSON.parse(answerText(turn)) as { received: string[] };
  return [received, turn.waitingTask !== undefined];
}

test('messages go to the A2A task that waits for input, and to a new task after it completed', async () => {
  const { ask, view } = await useLocalChat(await useBooking());
  const first = await ask('book');
  expect(first.waitingTask).toEqual({
    id: expect.any(String),
    contextId: view.state()!.sessionId,
  });
  expect(first.outcome).toEqual({ type: 'completed' });
  expect(readTask(await ask('to Rome'))).toEqual([['book', 'to Rome'], true]);
  expect(readTask(await ask('in May'))).toEqual([['book', 'to Rome', 'in May'], false]);
  expect(readTask(await ask('and a car'))).toEqual([['and a car'], true]);
});

test('a failed A2A task gets no further messages', async () => {
  const { ask } = await useLocalChat(await useBooking());
  await ask('book');
  const failed = await ask('fail');
  expect(failed).toMatchObject({ outcome: { failure: { name: 'Task failed' } } });
  expect(failed.waitingTask).toBeUndefined();
  expect(readTask(await ask('book'))).toEqual([['book'], true]);
});

test('a reopened conversation answers the A2A task that waits', async () => {
  const url = await useBooking();
  const conversations = createInMemoryConversations();
  const before = await useLocalChat(url, conversations);
  await before.ask('book');
  await before.host.dispose();
  const after = await useLocalChat(url, conversations);
  after.view.send({ type: 'openConversation', conversation: conversations.heads()[0]!.id });
  await after.view.until(({ turns }) => turns.length === 1);
  expect(readTask(await after.ask('to Rome'))).toEqual([['book', 'to Rome'], true]);
});

test('a new session has no waiting A2A task', async () => {
  const { ask, view } = await useLocalChat(await useBooking());
  await ask('book');
  const { actorId, sessionId } = view.state()!;
  view.send({ type: 'identify', actorId, sessionId: `${sessionId}-another` });
  await view.until((state) => state.sessionId !== sessionId);
  expect(readTask(await ask('to Rome'))).toEqual([['to Rome'], true]);
});

test('an A2A 0.3 agent gets the answer with the task and context that it named', async () => {
  const task = { id: 'task-1', contextId: 'context-1', status: { state: 'input-required' } };
  const older = serverAgent(`
    if (url.includes('card')) return json(response, { protocolVersion: '0.3.0' });
    if (url !== '/') return json(response, { status: 'Healthy' });
    const { id, params } = JSON.parse(body);
    if (params.message.taskId) return json(response, { body: params.message });
    return json(response, { jsonrpc: '2.0', id, result: ${JSON.stringify({ kind: 'task', ...task })} });
  `).replace('8080', '9000');
  const { url } = await useEmulator({ agents: [await useProtocolAgent('A2A', older)] });
  const { ask } = await useLocalChat(url);
  expect(await ask('book')).toMatchObject({
    parts: [],
    waitingTask: { id: 'task-1', contextId: 'context-1' },
  });
  expect(JSON.parse(answerText(await ask('to Rome')))).toMatchObject({
    body: { taskId: 'task-1', contextId: 'context-1' },
  });
});
