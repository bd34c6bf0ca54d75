import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { useProvider } from '../support/provider.ts';
import { serverAgent, useAgent } from '../support/agents.ts';
import { formatPart } from '../support/answers.ts';
import { useAwsRegistry } from '../support/awsChat.ts';
import { useAwsStandIn } from '../support/awsStandIn.ts';
import { sample } from '../support/command.ts';
import { useEmulator } from '../support/emulator.ts';
import {
  useChatWithRegistry,
  useEmulatorAgents,
  useLocalChat,
  type LocalChat,
} from '../support/localChat.ts';
import { sdkAgent, usePythonAgent } from '../support/python.ts';
import { deployedAgent } from '../support/registry.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Counts the prompts of each connection and follows them. */
const python = sdkAgent(`
import asyncio

@app.websocket
async def talk(websocket, context):
    await websocket.accept()
    count = 0
    while True:
        try:
            prompt = (await websocket.receive_json())["prompt"]
        except Exception:
            return
        count += 1
        await websocket.send_json({"text": f"{count}: "})
        if prompt == "bye":
            return await websocket.close()
        if prompt == "fall":
            return await websocket.close(1011, "no model")
        if prompt == "sound":
            await websocket.send_bytes(b"\\x00\\x01")
            await websocket.send_bytes(b"\\x02")
        await websocket.send_text(prompt[:10] + " of " + str(len(prompt)))
        if prompt != "open":
            await websocket.send_json({"type": "done"})
        if prompt == "more":
            await websocket.send_json({"type": "thinking", "thinking": "By the way"})
            await websocket.send_json({"text": "it rains."})
`);

/** Makes the chat use a WebSocket for its first agent. */
function useWebSocket(chat: LocalChat): LocalChat {
  const [agent] = chat.view.state()!.agents;
  const template = {
    message: '{"prompt": "{{input}}"}',
    cancel: null,
    transport: 'webSocket',
  } as const;
  chat.view.send({ type: 'saveTemplate', agent: agent!.id, template });
  return chat;
}

const summarizeTurns = ({ view }: LocalChat) =>
  view
    .state()!
    .turns.map(({ prompt, isUnprompted, parts, outcome }) =>
      [
        isUnprompted ? 'unprompted' : prompt.slice(0, 10),
        ...parts.map(formatPart),
        outcome?.type ?? '…',
      ].join(' | '),
    );

test('one WebSocket serves all turns; a turn ends by the agent, the user or the next turn', async () => {
  const emulator = await useEmulator({ agents: [await usePythonAgent(python)] });
  const chat = useWebSocket(await useLocalChat(emulator.url));
  await chat.ask('one');
  await chat.ask('x'.repeat(200_000));
  expect(summarizeTurns(chat)).toEqual([
    'one | text: 1: one of 3 | completed',
    'xxxxxxxxxx | text: 2: xxxxxxxxxx of 200000 | completed',
  ]);
  expect(chat.view.state()!.socket).toEqual({ state: 'open' });

  const { view } = chat;
  const untilLastTurn = (words: string) => view.until(() => summarizeTurns(chat).at(-1) === words);
  view.send({ type: 'send', prompt: 'open' });
  await untilLastTurn('open | text: 3: open of 4 | …');
  view.send({ type: 'settle', turn: view.state()!.turns.at(-1)!.id });
  await untilLastTurn('open | text: 3: open of 4 | completed');
  view.send({ type: 'send', prompt: 'open' });
  await untilLastTurn('open | text: 4: open of 4 | …');
  view.send({ type: 'send', prompt: 'two' });
  await untilLastTurn('two | text: 5: two of 3 | completed');
  expect(summarizeTurns(chat).at(-2)).toBe('open | text: 4: open of 4 | completed');
});

test('an unprompted message is its own answer, and binary messages are reported', async () => {
  const emulator = await useEmulator({ agents: [await usePythonAgent(python)] });
  const chat = useWebSocket(await useLocalChat(emulator.url));
  chat.view.send({ type: 'send', prompt: 'more' });
  await chat.view.until(({ turns }) => turns.at(-1)?.parts.length === 2 && turns.length === 2);
  expect(summarizeTurns(chat)).toEqual([
    'more | text: 1: more of 4 | completed',
    'unprompted | thinking: By the way | text: it rains. | …',
  ]);
  chat.view.send({ type: 'retry', turn: chat.view.state()!.turns.at(-1)!.id });
  await chat.ask('sound');
  expect(summarizeTurns(chat).slice(1)).toEqual([
    'unprompted | thinking: By the way | text: it rains. | completed',
    'sound | text: 2:  | notice: The agent sends binary messages, which are not shown. The first has 2 bytes. The raw events list all of them. | text: sound of 5 | completed',
  ]);
});

test('chats of one agent have a WebSocket each, also in one session for other actors', async () => {
  const emulator = await useEmulator({ agents: [await usePythonAgent(python)] });
  const registry = await useEmulatorAgents(emulator.url);
  const [left, right] = [useChatWithRegistry(registry), useChatWithRegistry(registry)].map(
    useWebSocket,
  );
  await Promise.all([left!.ask('left'), right!.ask('right')]);
  left!.view.send({ type: 'send', prompt: 'open' });
  await left!.view.until(() => summarizeTurns(left!).at(-1) === 'open | text: 2: open of 4 | …');
  await right!.ask('again');
  const { sessionId } = left!.view.state()!;
  right!.view.send({ type: 'identify', actorId: 'somebody-else', sessionId });
  await right!.view.until((state) => state.sessionId === sessionId);
  await right!.ask('third');
  left!.view.send({ type: 'settle', turn: left!.view.state()!.turns.at(-1)!.id });
  await left!.ask('last');
  expect(summarizeTurns(left!)).toEqual([
    'left | text: 1: left of 4 | completed',
    'open | text: 2: open of 4 | completed',
    'last | text: 3: last of 4 | completed',
  ]);
  expect(summarizeTurns(right!)).toEqual([
    'right | text: 1: right of 5 | completed',
    'again | text: 2: again of 5 | completed',
    'third | text: 1: third of 5 | completed',
  ]);
  expect(await emulator.sessions()).toHaveLength(2);
});

test('a closed WebSocket ends the answer with the reason, and the session continues on a new one', async () => {
  const emulator = await useEmulator({ agents: [await usePythonAgent(python)] });
  const chat = useWebSocket(await useLocalChat(emulator.url));
  await chat.ask('bye');
  expect(chat.view.state()!.socket).toBe(null);
  const { outcome } = await chat.ask('fall');
  expect(outcome).toEqual({
    type: 'failed',
    failure: {
      name: 'The WebSocket was closed',
      message: 'Closed with 1011: the agent failed. See its log. Reason: no model',
    },
  });
  expect(chat.view.state()!.socket).toMatchObject({ state: 'lost' });
  const { parts } = await chat.ask('again');
  expect(parts.map(formatPart)).toEqual([
    'notice: The WebSocket was reopened in the same session. The agent lost the state of the previous connection.',
    'text: 1: again of 5',
  ]);
  expect(await emulator.sessions()).toMatchObject([{ run: 1, state: 'active' }]);
  chat.view.send({ type: 'closeSocket' });
  expect(chat.view.state()!.socket).toBe(null);
  await expect.poll(emulator.sessions).toMatchObject([{ state: 'idle' }]);
});

test('Stop closes the WebSocket, and a new session opens its own', async () => {
  const emulator = await useEmulator({ agents: [await usePythonAgent(python)] });
  const chat = useWebSocket(await useLocalChat(emulator.url));
  const { view } = chat;
  view.send({ type: 'send', prompt: 'open' });
  const { turns } = await view.until(
    () => summarizeTurns(chat)[0] === 'open | text: 1: open of 4 | …',
  );
  view.send({ type: 'stop', turn: turns[0]!.id });
  expect(summarizeTurns(chat)).toEqual(['open | text: 1: open of 4 | canceled']);
  expect(view.state()!.socket).toBe(null);
  await chat.ask('one');
  view.send({ type: 'newSession' });
  expect(view.state()!.socket).toBe(null);
  expect((await chat.ask('two')).parts.map(formatPart)).toEqual(['text: 1: two of 3']);
  await expect.poll(emulator.sessions).toMatchObject([{ state: 'idle' }, { state: 'active' }]);
});

test('an agent without /ws fails with the service’s error', async () => {
  const withoutWebSocket = serverAgent(
    `if (url === '/ws') { response.writeHead(404); return response.end(); }`,
  );
  const emulator = await useEmulator({ agents: [await useAgent(withoutWebSocket)] });
  const chat = useWebSocket(await useLocalChat(emulator.url));
  const { outcome } = await chat.ask('one');
  expect(outcome).toMatchObject({
    type: 'failed',
    failure: {
      name: 'RuntimeClientError',
      message: expect.stringContaining('Received error (404) from runtime. The agent has no /ws.'),
    },
  });
  expect(chat.view.state()!.socket).toBe(null);
});

test('with a JWT authorizer the WebSocket waits for a token and sends it', async () => {
  const { discoveryUrl, token } = await useProvider();
  const agent = await usePythonAgent(python, {
    authorizer: { customJWTAuthorizer: { discoveryUrl, allowedAudience: ['chat'] } },
  });
  const emulator = await useEmulator({ agents: [agent] });
  const registry = await useEmulatorAgents(emulator.url);
  const chat = useWebSocket(useChatWithRegistry(registry));
  const answer = chat.ask('one');
  await chat.view.until(({ tokenRequests }) => tokenRequests.length > 0);
  const given = await token({ aud: 'chat' });
  chat.view.send({ type: 'token', agent: chat.view.state()!.agent!, token: given });
  expect((await answer).parts.map(formatPart)).toEqual(['text: 1: one of 3']);
});

test('in AWS the WebSocket is signed, and an agent on the TypeScript SDK answers', async () => {
  const agent = await useAgent(`
    import { BedrockAgentCoreApp } from 'bedrock-agentcore/runtime';
    new BedrockAgentCoreApp({
      invocationHandler: { process: () => 'by HTTP' },
      websocketHandler: (socket, { sessionId }) => {
        socket.on('message', (message) => {
          socket.send(JSON.stringify({ data: JSON.parse(message).prompt }));
          socket.send(JSON.stringify({ data: ' in ' + sessionId }));
          socket.send('[DONE]');
        });
      },
      config: { logging: { enabled: false } },
    }).run();
  `);
  const packages = join(sample, 'app', 'Assistant', 'node_modules');
  await symlink(packages, join(agent.root, 'node_modules'), 'junction');
  const aws = await useAwsStandIn([agent]);
  for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { target } = deployedAgent('Test_Agent', {
    region: 'eu-central-1',
    runtimeArn: aws.agent.arn,
    qualifier: 'prod',
    profile: 'dev',
  });
  const registry = useAwsRegistry({ read: () => [{ target }], write() {} });
  const chat = useWebSocket(useChatWithRegistry(registry));
  chat.view.send({ type: 'chooseAgent', agent: chat.view.state()!.agents[0]!.id });
  await chat.ask('one');
  const { sessionId } = chat.view.state()!;
  await chat.ask('two');
  expect(summarizeTurns(chat)).toEqual([
    `one | text: one in ${sessionId} | completed`,
    `two | text: two in ${sessionId} | completed`,
  ]);
});
