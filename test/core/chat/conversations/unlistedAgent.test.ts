import { expect, test } from 'vitest';
import { targetId } from '../../../../src/shared/target.ts';
import { createInMemoryConversations } from '../../../../src/core/chat/conversations/inMemoryConversations.ts';
import { echoAgent, useAgent } from '../../../support/agents.ts';
import { useEmulator } from '../../../support/emulator.ts';
import { useEmulatorAgents, useLocalChat } from '../../../support/localChat.ts';
import { exampleAgent } from '../../../support/registry.ts';

test('a conversation of a renamed agent can be read; requests to the agent are refused by name', async () => {
  const { url, agent } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const before = createInMemoryConversations();
  const turn = await (await useLocalChat(url, before)).ask('hello');
  const [head] = before.heads();
  const runtimeArn = agent.arn.replace('Test_Agent', 'Test_Helper');
  const target = { ...head!.target!, runtimeArn };
  const conversations = createInMemoryConversations();
  conversations.saveHead({ ...head!, target });
  conversations.saveTurn(head!.id, turn);

  const { view } = await useLocalChat(url, conversations);
  view.send({ type: 'openConversation', conversation: head!.id });
  const opened = await view.until(({ conversation }) => conversation === head!.id);
  expect(opened).toMatchObject({
    agent: targetId(target),
    session: { state: 'unknown' },
    problem: null,
  });
  expect(opened.turns.map(({ prompt }) => prompt)).toEqual(['hello']);

  const why = /Agent Test_Helper is no longer available \(arn:/;
  view.send({ type: 'stopSession' });
  expect((await view.until(({ problem }) => problem !== null)).problem).toMatch(why);
  view.send({ type: 'listTools' });
  await view.until(({ toolList }) => toolList?.tools.state === 'failed');
  expect(view.state()!.toolList!.tools).toMatchObject({ message: expect.stringMatching(why) });
});

test('an agent that is not listed is not called, even with a stored target', async () => {
  const { url } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const registry = await useEmulatorAgents(url);
  const { target } = exampleAgent('Unknown', { endpoint: url });
  expect(() => registry.connect(target)).toThrow('Agent Unknown is no longer available');
});
