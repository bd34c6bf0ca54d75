import { execFile, spawn } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore';
import { expect, onTestFinished, test } from 'vitest';
import type { ProjectAgentSource } from '../../emulator/index.ts';
import type { AgentSummary } from '../../src/shared/emulator.ts';
import { serverAgent, useAgent } from '../support/agents.ts';
import { sessionId, useEmulator } from '../support/emulator.ts';
import { samplePackages } from '../support/project.ts';
import { botoEnvironment, plainPythonAgent, sdkAgent, usePythonAgent } from '../support/python.ts';
import { useJobServer } from '../support/jobServer.ts';

const pythonSdk = (handler: string) => sdkAgent(`@app.entrypoint\n${handler}`);

const generator = (def: string) =>
  pythonSdk(`
${def} invoke(payload):
    yield "one"
    yield "zwölf"
`);

const typeScriptSdk = (process: string) => `
import { BedrockAgentCoreApp } from 'bedrock-agentcore/runtime';
new BedrockAgentCoreApp({
  invocationHandler: { process: ${process} },
  config: { logging: { enabled: false } },
}).run();
`;

const fastApi = `
import uvicorn
from fastapi import FastAPI
app = FastAPI()
@app.get("/ping")
def ping():
    return {"status": "Healthy"}
@app.post("/invocations")
def invoke(payload: dict):
    return {"said": payload["prompt"]}
uvicorn.run(app, host="0.0.0.0", port=8080)
`;

const express = `
import express from 'express';
const app = express().use(express.json());
app.get('/ping', (_, response) => response.json({ status: 'Healthy' }));
app.post('/invocations', ({ body }, response) => response.json({ said: body.prompt }));
app.listen(8080);
`;

const json = { contentType: /^application\/json/, body: /^{"said": ?"Grüße"}$/ };
const stream = {
  contentType: /^text\/event-stream/,
  body: /^data: "?one"?\n\ndata: "?zwölf"?\n\n$/,
};

/** Common kinds of agents, with the answer of each to the prompt "Grüße". */
const kinds = [
  {
    name: 'PythonSdk',
    python: pythonSdk('def invoke(payload):\n    return {"said": payload["prompt"]}'),
    answer: json,
  },
  { name: 'PythonSdkGenerator', python: generator('def'), answer: stream },
  { name: 'PythonSdkAsyncGenerator', python: generator('async def'), answer: stream },
  {
    name: 'TypeScriptSdk',
    node: typeScriptSdk('async ({ prompt }) => ({ said: prompt })'),
    answer: json,
  },
  {
    name: 'TypeScriptSdkGenerator',
    node: typeScriptSdk(`async function* () { yield 'one'; yield 'zwölf'; }`),
    answer: stream,
  },
  { name: 'FastApi', python: fastApi, answer: json },
  { name: 'Express', node: express, answer: json },
  {
    name: 'NodeHttp',
    node: serverAgent(
      `if (url === '/invocations') return json(response, { said: JSON.parse(body).prompt });`,
    ),
    answer: json,
  },
  {
    name: 'PythonHttp',
    python: plainPythonAgent('{"said": payload["prompt"]}'),
    // It sends no content type, and Python escapes non-ASCII characters.
    answer: { contentType: /^application\/octet-stream$/, body: /^{"said": "Gr\\u00fc\\u00dfe"}$/ },
  },
];

const ownPackages = resolve(import.meta.dirname, '../../node_modules');

async function useKind({
  name,
  node,
  python,
}: (typeof kinds)[number]): Promise<ProjectAgentSource> {
  if (python !== undefined) return usePythonAgent(python, { name });
  const agent = await useAgent(node, { name });
  const packages = name === 'Express' ? ownPackages : samplePackages;
  await symlink(packages, join(agent.code, 'node_modules'), 'junction');
  return agent;
}

/** An answer as a client receives it. */
interface Answer {
  readonly session: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** Runs a script with boto3, which finds the emulator by its endpoint variable. */
const boto = (url: string, script: string, ...args: string[]) =>
  [
    'python3',
    [
      '-c',
      `import boto3, json, sys\nclient = boto3.client("bedrock-agentcore")\n${script}`,
      ...args,
    ],
    {
      env: botoEnvironment(url),
    },
  ] as const;

test('every kind of agent gives boto3 and the JavaScript SDK the same answers in one session', async () => {
  const { url, client, admin, sessions } = await useEmulator({
    agents: await Promise.all(kinds.map(useKind)),
  });
  const { agents } = await admin<{ agents: AgentSummary[] }>('/agents');

  const byJavaScript = await Promise.all(
    agents.map(async ({ name, arn }): Promise<Answer> => {
      const { runtimeSessionId, contentType, response } = await client().send(
        new InvokeAgentRuntimeCommand({
          agentRuntimeArn: arn,
          runtimeSessionId: sessionId(name),
          contentType: 'application/json',
          accept: 'application/json, text/event-stream',
          payload: JSON.stringify({ prompt: 'Grüße' }),
        }),
      );
      return { session: runtimeSessionId, contentType, body: await response!.transformToString() };
    }),
  );
  const script = `
for arn, session in json.loads(sys.argv[1]):
    answer = client.invoke_agent_runtime(
        agentRuntimeArn=arn, runtimeSessionId=session, contentType="application/json",
        accept="application/json, text/event-stream", payload=json.dumps({"prompt": "Grüße"}).encode())
    print(json.dumps({"session": answer["runtimeSessionId"], "contentType": answer["contentType"],
                      "body": answer["response"].read().decode()}))
`;
  const calls = agents.map(({ name, arn }) => [arn, sessionId(name)]);
  const { stdout } = await promisify(execFile)(...boto(url, script, JSON.stringify(calls)));
  const byBoto = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);

  const expected = kinds.map(({ name, answer: { contentType, body } }) => ({
    session: sessionId(name),
    contentType: expect.stringMatching(contentType),
    body: expect.stringMatching(body),
  }));
  expect(byJavaScript).toEqual(expected);
  expect(byBoto).toEqual(byJavaScript);
  expect((await sessions()).map(({ run }) => run)).toEqual(kinds.map(() => 1));
});

test('boto3 receives each part of a stream as the agent yields it', async () => {
  const world = await useJobServer();
  const agent = await usePythonAgent(
    pythonSdk(`def invoke(payload):
    from urllib.request import urlopen
    yield "one"
    urlopen(os.environ["WORLD"] + "/job/two").read()
    yield "two"`),
    { environment: { WORLD: world.url } },
  );
  const { url, agent: runtime } = await useEmulator({ agents: [agent] });
  const child = spawn(
    ...boto(
      url,
      `
answer = client.invoke_agent_runtime(agentRuntimeArn=sys.argv[1], payload=b"{}")
for line in answer["response"].iter_lines(chunk_size=1):
    print(line.decode(), flush=True)
`,
      runtime.arn,
    ),
  );
  onTestFinished(() => void child.kill());
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  expect(await lines.next()).toMatchObject({ value: 'data: "one"' });
  world.finish('two');
  expect(await lines.next()).toMatchObject({ value: '' });
  expect(await lines.next()).toMatchObject({ value: 'data: "two"' });
});

test('boto3 runs a command in a session and receives its output and exit code', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(serverAgent(''))] });
  const script = `
answer = client.invoke_agent_runtime_command(
    agentRuntimeArn=sys.argv[1], runtimeSessionId=sys.argv[2],
    body={"command": "echo zwölf; echo no >&2; exit 2", "timeout": 60})
print(json.dumps([answer["runtimeSessionId"]] + [event["chunk"] for event in answer["stream"]]))
`;
  const id = sessionId('a');
  const invocation = boto(emulator.url, script, emulator.agent.arn, id);
  const { stdout } = await promisify(execFile)(...invocation);
  const [session, start, ...events] = JSON.parse(stdout) as unknown[];
  expect([session, start, events.pop()]).toEqual([
    id,
    { contentStart: {} },
    { contentStop: { exitCode: 2, status: 'COMPLETED' } },
  ]);
  // The order between two pipes is undefined.
  expect(events).toHaveLength(2);
  expect(events).toContainEqual({ contentDelta: { stdout: 'zwölf\n' } });
  expect(events).toContainEqual({ contentDelta: { stderr: 'no\n' } });
});
