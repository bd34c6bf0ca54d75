import { expect, test, vi } from 'vitest';
import { answerText } from '../../../src/shared/chat/turn.ts';
import { createInMemoryConversations } from '../../../src/core/chat/conversations/inMemoryConversations.ts';
import type { SavedTarget } from '../../../src/core/targets/awsAgents.ts';
import { useAwsChat } from '../../support/awsChat.ts';
import { deployedAgent } from '../../support/registry.ts';

test('profiles, region and endpoint are read as AWS’s own tools read them', async () => {
  const { load, aws } = await useAwsChat();
  const value = { profiles: ['default', 'dev'], endpoint: aws.url };
  expect(await load('account', { type: 'readAccount' })).toEqual({
    state: 'loaded',
    value: { ...value, profile: '', region: 'us-west-2' },
  });
  expect(await load('account', { type: 'readAccount', profile: 'dev' })).toEqual({
    state: 'loaded',
    value: { ...value, profile: 'dev', region: 'eu-central-1' },
  });
});

test('runtimes are listed with the profile’s credentials, and one is looked up with its endpoints', async () => {
  const { load, aws } = await useAwsChat();
  const caller = { profile: 'dev', region: 'eu-central-1' };
  expect(await load('runtimes', { type: 'listRuntimes', ...caller })).toEqual({
    state: 'loaded',
    value: [{ arn: aws.agent.arn, name: 'Test_Agent', version: '1', status: 'READY' }],
  });
  expect(await load('details', { type: 'lookUp', profile: 'dev', arn: aws.agent.arn })).toEqual({
    state: 'loaded',
    value: {
      protocol: 'HTTP',
      authorization: 'signature',
      endpoints: [
        { name: 'prod', version: '1' },
        { name: 'DEFAULT', version: '1' },
      ],
    },
  });
});

test('a caller who may not list runtimes gets the service’s message', async () => {
  const { load } = await useAwsChat();
  expect(
    await load('runtimes', { type: 'listRuntimes', profile: '', region: 'eu-central-1' }),
  ).toMatchObject({
    state: 'failed',
    message: expect.stringMatching(/^\w+Exception: .*AKIAI44QH8/),
  });
});

test('an agent in AWS is called by its ARN and qualifier, with the profile’s credentials', async () => {
  const { talkTo, target, view, ask, aws } = await useAwsChat();
  talkTo(target({ qualifier: 'prod' }));
  expect(JSON.parse(answerText(await ask('Hello')))).toMatchObject({ body: '{"prompt": "Hello"}' });
  expect(view.state()!.agents).toEqual([
    {
      id: `${aws.agent.arn}?qualifier=prod`,
      name: 'Test_Agent',
      target: target({ qualifier: 'prod' }),
    },
  ]);
  const { sessionId } = view.state()!;
  view.send({ type: 'stopSession' });
  await vi.waitFor(async () =>
    expect(await adminSessions(aws.url)).toMatchObject([
      { sessionId, qualifier: 'prod', state: 'terminated', reason: 'stopped' },
    ]),
  );
});

async function adminSessions(url: string): Promise<unknown> {
  const { sessions } = (await (await fetch(`${url}/_emulator/sessions`)).json()) as {
    sessions: unknown;
  };
  return sessions;
}

test('a conversation stores the target of its last turn, profile included', async () => {
  const conversations = createInMemoryConversations();
  const { talkTo, target, ask, request, view } = await useAwsChat({ conversations });
  const stored = () => conversations.heads().map((head) => head.target);
  talkTo(target());
  await ask('Hello');
  expect(stored()).toEqual([target()]);
  request({ type: 'addTarget', target: target({ profile: 'other' }) });
  await ask('Hello again');
  expect(view.state()!.turns).toHaveLength(2);
  expect(stored()).toEqual([target({ profile: 'other' })]);
});

test('a missing endpoint is refused, not replaced', async () => {
  const { talkTo, target, ask } = await useAwsChat();
  talkTo(target({ qualifier: 'staging' }));
  expect(await ask('Hello')).toMatchObject({
    outcome: { failure: { name: 'ResourceNotFoundException' } },
  });
});

test('a saved target is listed, but not called before it is chosen', async () => {
  const { target } = deployedAgent('Shop', { qualifier: 'prod', profile: 'dev' });
  let saved: readonly SavedTarget[] = [{ target }];
  const { view, request } = await useAwsChat({
    store: { read: () => saved, write: (targets) => void (saved = targets) },
  });
  const { agent, agents } = view.state()!;
  expect({ agent, names: agents.map(({ name }) => name) }).toEqual({
    agent: null,
    names: ['Shop'],
  });
  view.send({ type: 'chooseAgent', agent: agents[0]!.id });
  expect(view.state()!.agent).toBe(agents[0]!.id);
  request({ type: 'removeTarget', agent: agents[0]!.id });
  expect(view.state()!).toMatchObject({ agent: null, agents: [] });
  expect(saved).toEqual([]);
});

test('a region or ARN that would send credentials elsewhere is rejected', async () => {
  const { request } = await useAwsChat();
  expect(() =>
    request({ type: 'listRuntimes', profile: '', region: 'us-east-1.evil.example' }),
  ).toThrow(/Invalid chat message 'aws': request\.region/);
  expect(() => request({ type: 'lookUp', profile: '', arn: 'arn:aws:s3:::bucket' })).toThrow(
    /request\.arn: not a runtime ARN/,
  );
});

test('a target from a view must not name an endpoint', async () => {
  const { request, target } = await useAwsChat();
  expect(() =>
    request({ type: 'addTarget', target: target({ endpoint: 'https://evil.example' }) }),
  ).toThrow(/Invalid chat message 'aws': request\.target/);
});

test('the session endpoint of an agent in AWS is named while its session runs, but has no pages', async () => {
  const { view, ask, talkTo, target, later } = await useAwsChat({
    allowedPorts: [{ from: 9000, to: 9000 }],
  });
  talkTo(target());
  await ask('one');
  const { session } = await view.until(({ session: now }) => now.state === 'idle');
  expect(session).toMatchObject({
    servers: { url: expect.stringMatching(/\/~[0-9a-f]{32}$/) as string, pages: null },
  });
  later(1_000);
  view.send({ type: 'newSession' });
  expect(view.state()!.session).not.toHaveProperty('servers');
});
