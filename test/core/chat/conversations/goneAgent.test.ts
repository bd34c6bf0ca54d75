import { expect, test } from 'vitest';
import { connectLocalAgents } from '../../../../src/aws/localAgents.ts';
import { createConversations } from '../../../../src/core/chat/conversations/memory.ts';
import { echoAgent, useAgent } from '../../../support/agents.ts';
import { useEmulator } from '../../../support/emulator.ts';
import { useLocalChat } from '../../../support/localChat.ts';

test('a conversation whose agent was renamed is opened and read; what it wants of the agent is refused by name', async () => {
  const { url, agent } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const before = createConversations();
  const turn = await (await useLocalChat(url, before)).ask('hello');
  const [head] = before.heads();
  const gone = agent.arn.replace('Test_Agent', 'Test_Helper');
  const conversations = createConversations();
  conversations.keep({ ...head!, agent: gone });
  conversations.keepTurn(head!.id, turn);

  const { view } = await useLocalChat(url, conversations);
  view.send({ type: 'openConversation', conversation: head!.id });
  const opened = await view.until(({ conversation }) => conversation === head!.id);
  expect(opened).toMatchObject({ agent: gone, session: { state: 'unknown' }, problem: null });
  expect(opened.turns.map(({ prompt }) => prompt)).toEqual(['hello']);

  const why = /The agent Test_Helper is not here any more/;
  view.send({ type: 'stopSession' });
  expect((await view.until(({ problem }) => problem !== null)).problem).toMatch(why);
  view.send({ type: 'listTools' });
  await view.until(({ toolList }) => toolList?.tools.state === 'failed');
  expect(view.state()!.toolList!.tools).toMatchObject({ message: expect.stringMatching(why) });
});

test('of an agent that is not there, an emulator follows no session and calls nobody', async () => {
  const { url } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const { sessions, invoke, destroy } = await connectLocalAgents(url);
  const session = { agent: 'nobody', sessionId: 'x'.repeat(33) };
  const why = `The agent nobody is not here any more; ${url} has none of this ARN: nobody`;
  const own = { runStartedAt: null, lastActivityAt: null, onTurn() {} };
  expect(() => sessions.follow(session, () => {}, own)).toThrow(why);
  const question = { ...session, actorId: null, text: '', files: [], filesOf: () => [] };
  const prompt = {
    ...question,
    template: null,
    transport: 'http' as const,
    turn: 't',
    history: [],
    waitingTask: null,
  };
  await expect(invoke(prompt, new AbortController().signal)).rejects.toThrow(why);
  await expect(sessions.stop(session)).rejects.toThrow(why);
  destroy();
});
