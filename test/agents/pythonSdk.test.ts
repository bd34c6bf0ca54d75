import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  InvokeAgentRuntimeCommand,
  RuntimeClientError,
  StopRuntimeSessionCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import { useFolder } from '../support/agents.ts';
import { sessionId, useEmulator } from '../support/emulator.ts';
import { eventually } from '../support/eventually.ts';
import { isAlive } from '../support/processes.ts';
import { usePythonAgent } from '../support/python.ts';

const id = { runtimeSessionId: sessionId('a') };

/** Unmodified, as its users write it: the official SDK, `app.run()` and no port. */
const sdkAgent = (handlers: string) => `
import asyncio, os, threading, time
from bedrock_agentcore import BedrockAgentCoreApp, PingStatus

app = BedrockAgentCoreApp()
${handlers}
app.run()
`;

test('each session of an SDK agent is a process of its own, which remembers between turns', async () => {
  const agent = await usePythonAgent(
    sdkAgent(`
prompts = []
@app.entrypoint
def invoke(payload, context):
    prompts.append(payload["prompt"])
    return {"prompts": prompts, "pid": os.getpid(), "session": context.session_id}
`),
  );
  const { invoke, sessions } = await useEmulator({ agents: [agent] });
  const ask = (name: string, prompt: string) =>
    invoke({ runtimeSessionId: sessionId(name), payload: JSON.stringify({ prompt }) });
  const [a, b] = await Promise.all([ask('a', 'one'), ask('b', 'uno')]);
  expect(a).toEqual({ prompts: ['one'], pid: expect.any(Number), session: sessionId('a') });
  expect(b).toEqual({ prompts: ['uno'], pid: expect.any(Number), session: sessionId('b') });
  expect(a['pid']).not.toBe(b['pid']);
  expect(await ask('a', 'two')).toEqual({ ...a, prompts: ['one', 'two'] });
  const ports = (await sessions()).map(
    ({ compute }) => compute?.kind === 'process' && compute.port,
  );
  expect(new Set(ports).size).toBe(2);
});

test('an SDK agent finds its session’s workload access token where the SDK keeps it', async () => {
  const agent = await usePythonAgent(
    sdkAgent(`
from bedrock_agentcore.runtime.context import BedrockAgentCoreContext
@app.entrypoint
def invoke(payload):
    return {"token": BedrockAgentCoreContext.get_workload_access_token()}
`),
  );
  const { invoke } = await useEmulator({ agents: [agent] });
  const ask = async (name: string) =>
    (await invoke({ runtimeSessionId: sessionId(name) }))['token'];
  const token = await ask('a');
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(await ask('a')).toBe(token);
  expect(await ask('b')).not.toBe(token);
});

test.each([
  ['a generator', 'def', 'time.sleep'],
  ['an async generator', 'async def', 'await asyncio.sleep'],
])(
  'what %s yields is streamed as it comes, and an error ends the stream',
  async (_, def, sleep) => {
    const go = join(await useFolder(), 'go');
    const agent = await usePythonAgent(
      sdkAgent(`
@app.entrypoint
${def} invoke(payload):
    yield {"word": "Grüße"}
    if payload.get("fail"):
        raise ValueError("boom")
    while not os.path.exists(os.environ["GO"]):
        ${sleep}(0.01)
    yield "two"
`),
      { environment: { GO: go } },
    );
    const { client, agent: runtime } = await useEmulator({ agents: [agent] });
    const stream = async (payload: object) => {
      const answer = await client().send(
        new InvokeAgentRuntimeCommand({
          agentRuntimeArn: runtime.arn,
          ...id,
          payload: JSON.stringify(payload),
        }),
      );
      expect(answer.contentType).toMatch(/^text\/event-stream/);
      return answer.response!.transformToWebStream().getReader();
    };
    const read = async (reader: ReadableStreamDefaultReader<Uint8Array>) =>
      Buffer.from((await reader.read()).value ?? []).toString();

    const reader = await stream({});
    expect(await read(reader)).toBe('data: {"word": "Grüße"}\n\n');
    await writeFile(go, '');
    expect(await read(reader)).toBe('data: "two"\n\n');
    expect((await reader.read()).done).toBe(true);

    const failing = await stream({ fail: true });
    await read(failing);
    expect(await read(failing)).toMatch(/^data: {"error": "boom", "error_type": "ValueError"/);
  },
);

/** Does background work in a thread; what becomes of it stands in a file. */
const worker = (tracked: boolean) =>
  sdkAgent(`
finish = threading.Event()
def work(task):
    finish.wait()
    with open(os.environ["DONE"], "w") as file:
        file.write("done")
    if task is not None:
        app.complete_async_task(task)

@app.entrypoint
def invoke(payload):
    if payload["prompt"] == "finish":
        finish.set()
    else:
        task = app.add_async_task("work") if ${tracked ? 'True' : 'False'} else None
        threading.Thread(target=work, args=(task,), daemon=True).start()
    return {"pid": os.getpid()}
`);

async function useWorker({ tracked }: { tracked: boolean }) {
  const done = join(await useFolder(), 'done');
  const agent = await usePythonAgent(worker(tracked), { environment: { DONE: done } });
  const emulator = await useEmulator({ agents: [agent], pingInterval: 0.1 });
  const ask = async (prompt: string) =>
    (await emulator.invoke({ ...id, payload: JSON.stringify({ prompt }) }))['pid'] as number;
  const turnClock = (advanceSeconds: number) => emulator.admin('/clock', { advanceSeconds });
  return { ...emulator, done, ask, turnClock };
}

test('background work that says it is busy outlives the idle end, and then the idle time starts anew', async () => {
  const { sessions, done, ask, turnClock } = await useWorker({ tracked: true });
  const pid = await ask('work');
  await turnClock(4 * 3600);
  expect((await sessions())[0]).toMatchObject({ state: 'active', idleDeadline: null });
  await ask('finish');
  await eventually(async () => expect((await sessions())[0]).toMatchObject({ state: 'idle' }));
  expect(existsSync(done)).toBe(true);
  await turnClock(890);
  expect(isAlive(pid)).toBe(true);
  await turnClock(20);
  expect((await sessions())[0]).toMatchObject({ state: 'terminated', reason: 'idle-timeout' });
  expect(isAlive(pid)).toBe(false);
});

test('background work that says nothing is killed in the middle by the idle end', async () => {
  const { sessions, done, ask, turnClock } = await useWorker({ tracked: false });
  const pid = await ask('work');
  await turnClock(890);
  expect(isAlive(pid)).toBe(true);
  await turnClock(20);
  expect((await sessions())[0]).toMatchObject({ state: 'terminated', reason: 'idle-timeout' });
  expect([isAlive(pid), existsSync(done)]).toEqual([false, false]);
});

test('an agent’s own ping decides whether its session is idle', async () => {
  const agent = await usePythonAgent(
    sdkAgent(`
busy = False
@app.ping
def ping():
    return PingStatus.HEALTHY_BUSY if busy else PingStatus.HEALTHY

@app.entrypoint
async def invoke(payload):
    global busy
    busy = payload["busy"]
    return {}
`),
  );
  const { invoke, sessions, admin } = await useEmulator({ agents: [agent], pingInterval: 0.1 });
  const become = (busy: boolean) => invoke({ ...id, payload: JSON.stringify({ busy }) });
  await become(true);
  await eventually(async () =>
    expect((await sessions())[0]).toMatchObject({ ping: { status: 'HealthyBusy' } }),
  );
  await admin('/clock', { advanceSeconds: 7200 });
  expect((await sessions())[0]).toMatchObject({ state: 'active', idleDeadline: null });
  await become(false);
  await eventually(async () => expect((await sessions())[0]).toMatchObject({ state: 'idle' }));
  await admin('/clock', { advanceSeconds: 901 });
  expect((await sessions())[0]).toMatchObject({ state: 'terminated', reason: 'idle-timeout' });
});

test('a handler that raises is a 424 with its error, and its traceback stands in the log', async () => {
  const agent = await usePythonAgent(
    sdkAgent(`
@app.entrypoint
def invoke(payload):
    print("about to fail")
    raise KeyError("city")
`),
  );
  const { invoke, log } = await useEmulator({ agents: [agent] });
  const failure = await invoke(id).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(RuntimeClientError);
  expect((failure as Error).message).toMatch(/Received error \(500\).*'city'/);
  expect(log.join('\n')).toMatch(/about to fail[^]*Traceback[^]*KeyError/);
});

test('an agent that crashes at import: its traceback reaches the caller', async () => {
  const agent = await usePythonAgent('import json\nfrom nowhere import missing\n');
  const { invoke } = await useEmulator({ agents: [agent] });
  const failure = (await invoke(id).catch((error: unknown) => error)) as Error;
  expect(failure).toBeInstanceOf(RuntimeClientError);
  expect(failure.message).toMatch(/exit code 1 before it answered \/ping/);
  expect(failure.message).toMatch(/Traceback[^]*main\.py", line 2[^]*No module named 'nowhere'/);
});

test('a stopped session is gone with its worker threads and their work', async () => {
  const { client, agent, ask } = await useWorker({ tracked: true });
  const pid = await ask('work');
  await client().send(new StopRuntimeSessionCommand({ agentRuntimeArn: agent.arn, ...id }));
  expect(isAlive(pid)).toBe(false);
  expect(await ask('work')).not.toBe(pid);
});

test('what a session of an SDK agent writes no other session sees', async () => {
  const agent = await usePythonAgent(
    sdkAgent(`
import pathlib, tempfile
places = {"cwd": pathlib.Path("mark"), "home": pathlib.Path.home() / "mark",
          "tmp": pathlib.Path(tempfile.gettempdir()) / "mark"}
@app.entrypoint
def invoke(payload):
    if payload.get("write"):
        for place in places.values():
            place.write_text("x")
    return {name: place.exists() for name, place in places.items()}
`),
  );
  const { invoke } = await useEmulator({ agents: [agent] });
  const ask = (name: string, write: boolean) =>
    invoke({ runtimeSessionId: sessionId(name), payload: JSON.stringify({ write }) });
  expect(await ask('a', true)).toEqual({ cwd: true, home: true, tmp: true });
  expect(await ask('b', false)).toEqual({ cwd: false, home: false, tmp: false });
  expect(existsSync(join(agent.code, 'mark'))).toBe(false);
});
