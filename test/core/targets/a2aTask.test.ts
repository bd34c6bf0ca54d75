import { expect, test } from 'vitest';
import { createInMemoryConversations } from '../../../src/core/chat/conversations/inMemoryConversations.ts';
import { answerText, type Turn } from '../../../src/shared/chat/turn.ts';
import { a2aServer } from '../../support/a2a.ts';
import { serverAgent } from '../../support/agents.ts';
import { useEmulator } from '../../support/emulator.ts';
import { useLocalChat } from '../../support/localChat.ts';
import { useProtocolAgent } from '../../support/protocolAgent.ts';

// Books what is told to it in three messages of one task; `fail` ends the task before.
const booking = a2aServer(`
  const states = { working: 2, completed: 3, failed: 4, asks: 6 };
  const tell = (state, value) => bus.publish(AgentEvent.statusUpdate({
    taskId, contextId, metadata: undefined,
    status: {
      state: states[state], timestamp: undefined,
      message: {
        messageId: randomUUID(), contextId, taskId, role: Role.ROLE_AGENT, parts: parts(value),
        metadata: undefined, extensions: [], referenceTaskIds: [],
      },
    },
  }));
  globalThis.told ??= new Map();
  const told = [...(globalThis.told.get(taskId) ?? []), text];
  globalThis.told.set(taskId, told);
  bus.publish(AgentEvent.task({
    id: taskId, contextId, artifacts: [], history: [], metadata: undefined,
    status: { state: states.working, message: undefined, timestamp: undefined },
  }));
  const state = text === 'fail' ? 'failed' : told.length === 3 ? 'completed' : 'asks';
  tell(state, { told });
`);

const useBooking = async () =>
  useEmulator({ agents: [await useProtocolAgent('A2A', booking)] }).then(({ url }) => url);

/** What the agent says that its task was told, and whether it goes on after that. */
function toldIn(turn: Turn): readonly [told: readonly string[], waits: boolean] {
  const { told } = JSON.parse(answerText(turn)) as { told: string[] };
  return [told, turn.waitingTask !== undefined];
}

test('what an A2A task asks back is answered to that task, and once it is complete there is a new one', async () => {
  const { ask, view } = await useLocalChat(await useBooking());
  const first = await ask('book');
  expect(first.waitingTask).toEqual({
    id: expect.any(String),
    contextId: view.state()!.sessionId,
  });
  expect(first.outcome).toEqual({ type: 'completed' });
  expect(toldIn(await ask('to Rome'))).toEqual([['book', 'to Rome'], true]);
  expect(toldIn(await ask('in May'))).toEqual([['book', 'to Rome', 'in May'], false]);
  expect(toldIn(await ask('and a car'))).toEqual([['and a car'], true]);
});

test('an A2A task that failed is answered no more', async () => {
  const { ask } = await useLocalChat(await useBooking());
  await ask('book');
  const failed = await ask('fail');
  expect(failed).toMatchObject({ outcome: { failure: { name: 'Task failed' } } });
  expect(failed.waitingTask).toBeUndefined();
  expect(toldIn(await ask('book'))).toEqual([['book'], true]);
});

test('an A2A task that waits is answered after the conversation was opened anew', async () => {
  const url = await useBooking();
  const conversations = createInMemoryConversations();
  const before = await useLocalChat(url, conversations);
  await before.ask('book');
  await before.host.dispose();
  const after = await useLocalChat(url, conversations);
  after.view.send({ type: 'openConversation', conversation: conversations.heads()[0]!.id });
  await after.view.until(({ turns }) => turns.length === 1);
  expect(toldIn(await after.ask('to Rome'))).toEqual([['book', 'to Rome'], true]);
});

test('in another session no A2A task waits', async () => {
  const { ask, view } = await useLocalChat(await useBooking());
  await ask('book');
  const { actorId, sessionId } = view.state()!;
  view.send({ type: 'identify', actorId, sessionId: `${sessionId}-another` });
  await view.until((state) => state.sessionId !== sessionId);
  expect(toldIn(await ask('to Rome'))).toEqual([['to Rome'], true]);
});

test('an agent of A2A 0.3 is answered to its task in the context that it names', async () => {
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
