import { once } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Quotas } from '../../emulator/index.ts';
import { sessionId, useEmulator } from '../support/emulator.ts';
import { eventually } from '../support/eventually.ts';
import { sdkAgent, usePythonAgent } from '../support/python.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Answers with a message's length or a text of requested length; reports its last close reason. */
const talking = sdkAgent(`
closed = None

@app.entrypoint
def invoke(payload):
    return {"closed": closed}

@app.websocket
async def talk(websocket, context):
    global closed
    await websocket.accept()
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            closed = [message["code"], message["reason"]]
            return
        word = message.get("text") or message["bytes"].decode()
        if word.startswith("say "):
            await websocket.send_text("x" * int(word[4:]))
        else:
            await websocket.send_text(str(len(word)))
`);

async function useEchoAgent(limits: Partial<Quotas> = {}) {
  const agent = await usePythonAgent(talking);
  const emulator = await useEmulator({ agents: [agent], limits });
  const id = { runtimeSessionId: sessionId('a') };
  const query = `?X-Amzn-Bedrock-AgentCore-Runtime-Session-Id=${id.runtimeSessionId}`;
  async function connect(): Promise<WebSocket> {
    const socket = new WebSocket(`${emulator.url.replace('http', 'ws')}/ws${query}`, {
      perMessageDeflate: false,
    });
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    return socket;
  }
  const outcomes = async () =>
    (await emulator.timeline(id.runtimeSessionId)).flatMap((entry) =>
      entry.type === 'invocation' ? [entry.outcome] : [],
    );
  return { ...emulator, id, connect, outcomes };
}

async function closeReason(socket: WebSocket): Promise<unknown> {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return [code, reason.toString()];
}

async function ask(socket: WebSocket, word: string): Promise<string> {
  socket.send(word);
  const [message] = (await once(socket, 'message')) as [Buffer];
  return message.toString();
}

test('frames of 64 KB pass in both directions, and larger ones close the WebSocket', async () => {
  const { connect, invoke, outcomes, id } = await useEchoAgent();
  const big = await connect();
  expect(await ask(big, 'x'.repeat(65_536))).toBe('65536');
  big.send('x'.repeat(65_537));
  const tooBig = [1009, "exceeded AgentCore's limit of 65536 bytes for a frame (65537 bytes)"];
  expect(await closeReason(big)).toEqual(tooBig);
  await eventually(async () => expect(await invoke(id)).toEqual({ closed: tooBig }));

  const receiver = await connect();
  expect(await ask(receiver, 'say 65536')).toHaveLength(65_536);
  receiver.send('say 65537');
  expect(await closeReason(receiver)).toEqual(tooBig);
  await eventually(async () =>
    expect((await outcomes()).filter((outcome) => outcome.startsWith('Canceled'))).toEqual([
      `Canceled: ${tooBig[1]}`,
      `Canceled: ${tooBig[1]}`,
    ]),
  );
});

test('a large message in many frames passes unchanged', async () => {
  const { connect } = await useEchoAgent({ frames: Infinity });
  const socket = await connect();
  const message = 'abc'.repeat(400_000);
  for (let at = 0; at < message.length; at += 50_000) {
    const fin = at + 50_000 >= message.length;
    socket.send(message.slice(at, at + 50_000), { fin });
  }
  const [answer] = (await once(socket, 'message')) as [Buffer];
  expect(answer.toString()).toBe(String(message.length));
});

test('exceeding the frame rate closes the WebSocket', async () => {
  const { connect } = await useEchoAgent({ frames: 0 });
  const socket = await connect();
  socket.send('one');
  expect(await closeReason(socket)).toEqual([
    1008,
    "exceeded AgentCore's limit of 0 frames per second",
  ]);
});

test('a WebSocket closes after an hour, with the reason at both ends', async () => {
  const { connect, admin, sessions, invoke, id } = await useEchoAgent();
  const socket = await connect();
  await ask(socket, 'hello');
  await admin('/clock', { advanceSeconds: 3_599 });
  expect(await ask(socket, 'still here')).toBe('10');
  const closed = closeReason(socket);
  await admin('/clock', { advanceSeconds: 1 });
  const over = [1001, "exceeded AgentCore's limit of 60 minutes for a WebSocket"];
  expect(await closed).toEqual(over);
  expect(await sessions()).toMatchObject([{ state: 'idle' }]);
  await eventually(async () => expect(await invoke(id)).toEqual({ closed: over }));
});
