import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvokeAgentRuntimeCommand, RuntimeClientError } from '@aws-sdk/client-bedrock-agentcore';
import { expect, test, vi } from 'vitest';
import { useFolder } from '../support/agents.ts';
import { sessionId, useEmulator } from '../support/emulator.ts';
import { eventually } from '../support/eventually.ts';
import { sdkAgent, usePythonAgent } from '../support/python.ts';

vi.setConfig({ testTimeout: 60_000 });

const id = { runtimeSessionId: sessionId('a') };

test('each session of an SDK agent is its own process, which keeps state between turns', async () => {
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

test('an SDK agent reads its session’s workload access token from the SDK’s context', async () => {
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
  ['a generator', 'def', 'time.sleep', 0],
  ['an async generator', 'async def', 'await asyncio.sleep', 0],
  ['an async generator on a machine that waited', 'async def', 'await asyncio.sleep', 1],
])(
  'the output of %s is streamed as it is yielded, and an error ends the stream',
  async (_, def, sleep, warm) => {
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
    const {
      client,
      agent: runtime,
      countWarmMachines: warmth,
    } = await useEmulator({ agents: [agent], warm });
    await eventually(async () => expect(await warmth()).toBe(warm));
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

test('a handler that raises returns 424 with its error, and the log has its traceback', async () => {
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

test('the traceback of an agent that crashes at import reaches the caller', async () => {
  const agent = await usePythonAgent('import json\nfrom nowhere import missing\n');
  const { invoke } = await useEmulator({ agents: [agent] });
  const failure = (await invoke(id).catch((error: unknown) => error)) as Error;
  expect(failure).toBeInstanceOf(RuntimeClientError);
  expect(failure.message).toMatch(/exit code 1 before it answered \/ping/);
  expect(failure.message).toMatch(/Traceback[^]*main\.py", line 2[^]*No module named 'nowhere'/);
});

test('sessions of an SDK agent do not share state or files', async () => {
  const agent = await usePythonAgent(
    sdkAgent(`
import pathlib, tempfile
places = {"cwd": pathlib.Path("mark"), "home": pathlib.Path.home() / "mark",
          "tmp": pathlib.Path(tempfile.gettempdir()) / "mark"}
mark = False
@app.entrypoint
def invoke(payload):
    global mark
    if payload.get("write"):
        mark = True
        os.environ["MARK"] = "x"
        for place in places.values():
            place.write_text("x")
    return {"global": mark, "environment": "MARK" in os.environ,
            **{name: place.exists() for name, place in places.items()}}
`),
  );
  const { invoke } = await useEmulator({ agents: [agent] });
  const ask = (name: string, write: boolean) =>
    invoke({ runtimeSessionId: sessionId(name), payload: JSON.stringify({ write }) });
  const createValues = (seen: boolean) => ({
    global: seen,
    environment: seen,
    cwd: seen,
    home: seen,
    tmp: seen,
  });
  expect(await ask('a', true)).toEqual(createValues(true));
  expect(await ask('b', false)).toEqual(createValues(false));
  expect(existsSync(join(agent.code, 'mark'))).toBe(false);
});

test('an idle session reloads changes of its main.py and its imports', async () => {
  const agent = await usePythonAgent(
    sdkAgent(`
from words import word
@app.entrypoint
def invoke(payload):
    return {"word": word}
`),
  );
  // Same size and same second, so that Python's bytecode cache could mistake one for the other.
  const say = (word: string) => writeFile(join(agent.code, 'words.py'), `word = "${word}"\n`);
  await say('one');
  const { invoke, log, sessions } = await useEmulator({ agents: [agent] });
  expect(await invoke(id)).toMatchObject({ word: 'one' });
  await say('two');
  await eventually(async () => expect(await invoke(id)).toMatchObject({ word: 'two' }));

  await writeFile(join(agent.code, 'words.py'), 'from nowhere import word\n');
  await eventually(() =>
    expect(log.join('\n')).toMatch(
      /does not start\. Running sessions keep the old code[^]*words\.py", line 1[^]*No module named 'nowhere'/,
    ),
  );
  expect(await invoke(id)).toMatchObject({ word: 'two' });
  await say('new');
  await eventually(async () => expect(await invoke(id)).toMatchObject({ word: 'new' }));
  expect(await sessions()).toMatchObject([
    { run: 1, reason: 'reloaded' },
    { run: 2, reason: 'reloaded' },
    { run: 3, state: 'idle' },
  ]);
});

test('an SDK agent in debug mode supports the SDK’s actions, and their ping keeps its session active', async () => {
  const main = (debug: string) => `
from bedrock_agentcore import BedrockAgentCoreApp
app = BedrockAgentCoreApp(${debug})

@app.entrypoint
def handle(payload):
    return {"handled": payload}

app.run()
`;
  const action = (name: string) => ({
    ...id,
    payload: JSON.stringify({ _agent_core_app_action: name }),
  });
  const { invoke, admin, sessions } = await useEmulator({
    agents: [await usePythonAgent(main('debug=True'))],
    idleTimeout: 100,
  });
  expect(await invoke(action('ping_status'))).toMatchObject({ status: 'Healthy' });
  await invoke(action('force_busy'));
  await eventually(async () =>
    expect(await sessions()).toMatchObject([{ ping: { status: 'HealthyBusy' } }]),
  );
  await admin('/clock', { advanceSeconds: 200 });
  expect(await sessions()).toMatchObject([{ state: 'active' }]);
  const plain = await useEmulator({ agents: [await usePythonAgent(main(''))] });
  expect(await plain.invoke(action('ping_status'))).toMatchObject({
    handled: { _agent_core_app_action: 'ping_status' },
  });
});
