import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  CreateAgentRuntimeCommand,
  type CreateAgentRuntimeRequest,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { ProjectAgentSource } from '../../emulator/index.ts';
import type { SnapshotCheck } from '../../src/shared/session.ts';
import { serverAgent, useAgent } from '../support/agents.ts';
import { nodeCode, useCurrentControlPlane, waitUntilSettled } from '../support/controlPlane.ts';
import { sessionId, useEmulator } from '../support/emulator.ts';
import { useSampleProject } from '../support/project.ts';
import { createZip, useS3 } from '../support/s3.ts';
import { plainPythonAgent, sdkAgent, usePythonAgent, usePythonSample } from '../support/python.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Serves a token until the test ends, and keeps its connections open. Returns its port. */
async function useTokenService(): Promise<number> {
  const server = createServer((_, response) => response.end('{"access_token": "t"}'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function check(
  agent: ProjectAgentSource,
  platformVersion: 'V1' | 'V2' = 'V2',
): Promise<{ check: SnapshotCheck; hazards: string[]; notes: string[]; log: string[] }> {
  const emulator = await useEmulator({ agents: [agent], platformVersion });
  const runtimeSessionId = sessionId('checked');
  const payload = JSON.stringify({ prompt: 'hello', stream: false });
  await emulator.invoke({ runtimeSessionId, payload });
  const result = await emulator.admin<SnapshotCheck>(
    `/sessions/${emulator.agent.runtimeId}/${runtimeSessionId}/snapshot`,
  );
  const timeline = await emulator.timeline(runtimeSessionId);
  return {
    check: result,
    hazards: result.hazards.map(({ kind, call, line }) => `${line}: ${kind} ${call}`).toSorted(),
    notes: timeline.flatMap((entry) => (entry.type === 'note' ? [entry.message] : [])),
    log: emulator.log.filter((line) => line.includes('On platform V2')),
  };
}

const hazardous = (port: number) =>
  `import random, secrets, socket, time, uuid
from datetime import datetime
from urllib.request import urlopen
INSTANCE = uuid.uuid4()
KEY = secrets.token_hex(16)
PICK = random.choice("abc")
STARTED = time.time()
STARTED_ON = datetime.now()
TOKEN = urlopen("http://127.0.0.1:${port}/oauth2/token").read()
DATABASE = socket.create_connection(("127.0.0.1", ${port}))
ADDRESS = socket.gethostbyname("localhost")
def load():
    began = time.time()
    print("loaded in", time.time() - began)
load()
${plainPythonAgent('{"id": str(uuid.uuid4()), "time": time.time()}')}`;

const expected = [
  '10: connection socket.connect()',
  '11: dns socket.gethostbyname()',
  '1: random random',
  '4: uuid uuid.uuid4()',
  '5: random secrets.token_hex()',
  '6: random random.choice()',
  '7: timestamp time.time()',
  '8: timestamp datetime.now()',
  '9: token http request',
];

test('on platform V2 a Python agent shows its hazards in the log, the timeline and the admin API', async () => {
  const agent = await usePythonAgent(hazardous(await useTokenService()));
  const { hazards, notes, log, check: result } = await check(agent);
  expect(hazards).toEqual(expected);
  const messages = result.hazards.map(({ message }) => message);
  expect(messages).toContain(
    'uuid.uuid4() at main.py:4 runs while the agent loads. On platform V2, all sessions of a version share this value. Compute it in the handler.',
  );
  expect(notes).toEqual(expect.arrayContaining(messages));
  expect(log).toHaveLength(messages.length);
});

/** Deploys a zip on a platform and invokes it. Returns the snapshot check of its session. */
async function deploy(
  request: Omit<CreateAgentRuntimeRequest, 'roleArn' | 'agentRuntimeName'>,
): Promise<SnapshotCheck> {
  const emulator = await useEmulator({ agents: [] });
  const control = useCurrentControlPlane(emulator);
  const { agentRuntimeId, agentRuntimeArn } = await control.send(
    new CreateAgentRuntimeCommand({ ...nodeCode('Deployed'), ...request }),
  );
  const { status, failureReason } = await waitUntilSettled(control, agentRuntimeId);
  expect({ status, failureReason }).toEqual({ status: 'READY', failureReason: undefined });
  const runtimeSessionId = sessionId('deployed');
  await emulator.invoke({ agentRuntimeArn, runtimeSessionId });
  return emulator.admin(`/sessions/${agentRuntimeId}/${runtimeSessionId}/snapshot`);
}

const zippedCode = (runtime: 'NODE_22' | 'PYTHON_3_12', file: string) => ({
  agentRuntimeArtifact: {
    codeConfiguration: {
      code: { s3: { bucket: 'code', prefix: 'agent.zip' } },
      runtime,
      entryPoint: [file],
    },
  },
});

test('a Node runtime that is created on platform V2 is checked, and one without platform is not', async () => {
  const s3 = await useS3();
  const main = `import { randomUUID } from 'node:crypto';
const instance = randomUUID();
${serverAgent(`if (url === '/invocations') return json(response, { instance });`)}`;
  await s3.put(
    'agent.zip',
    await createZip(
      { name: 'package.json', text: '{ "type": "module" }' },
      { name: 'main.js', text: main },
    ),
  );
  const code = zippedCode('NODE_22', 'main.js');
  const { state, hazards } = await deploy({ ...code, platformVersion: 'V2' });
  expect(state).toBe('checked');
  expect(hazards).toMatchObject([{ kind: 'uuid', file: 'main.js', line: 2 }]);
  expect(await deploy(code)).toMatchObject({ state: 'unchecked', hazards: [] });
});

test('Python code that is deployed on platform V2 is checked, without the packages in its zip', async () => {
  const s3 = await useS3();
  const packaged = `import time, uuid
created = uuid.uuid4()
def connect():
    return time.time()
`;
  const main = `import os, uuid
from vendored import connect
INSTANCE = uuid.uuid4()
connect()
${plainPythonAgent('{"id": str(uuid.uuid4())}')}`;
  await s3.put(
    'agent.zip',
    await createZip(
      { name: 'main.py', text: main },
      { name: 'vendored/__init__.py', text: packaged },
      {
        name: 'vendored-1.0.dist-info/RECORD',
        text: 'vendored/__init__.py,,\nvendored-1.0.dist-info/RECORD,,\n',
      },
      {
        name: 'vendored-1.0.dist-info/METADATA',
        text: 'Metadata-Version: 2.1\nName: vendored\nVersion: 1.0\n',
      },
    ),
  );
  const { state, hazards } = await deploy({
    ...zippedCode('PYTHON_3_12', 'main.py'),
    platformVersion: 'V2',
  });
  expect(state).toBe('checked');
  expect(hazards.map(({ kind, file, line }) => `${file}:${line} ${kind}`)).toEqual([
    'main.py:3 uuid',
  ]);
});

test('on platform V1 the same Python agent is not checked', async () => {
  const agent = await usePythonAgent(hazardous(await useTokenService()));
  const { check: result, log } = await check(agent, 'V1');
  expect(result).toMatchObject({ state: 'unchecked', hazards: [] });
  expect(log).toEqual([]);
});

const handler = `
import logging, boto3
logging.basicConfig(level=logging.INFO)
client = boto3.client("s3", region_name="us-east-1")
logging.info("loaded")
@app.entrypoint
def handle(payload):
    return {"time": time.time()}
`;

test('a Python agent on the AgentCore SDK with boto3 has no hazards', async () => {
  const { check: result } = await check(await usePythonAgent(sdkAgent(handler)));
  expect(result).toEqual({ state: 'checked', reason: null, hazards: [] });
});

const fastApi = (loop: string) => `
import time, uuid
from contextlib import asynccontextmanager
import uvicorn
from fastapi import FastAPI

@asynccontextmanager
async def lifespan(app):
    app.state.instance = uuid.uuid4()
    yield

app = FastAPI(lifespan=lifespan)

@app.get("/ping")
def ping():
    return {"status": "Healthy", "time_of_last_update": int(time.time())}

@app.post("/invocations")
def invoke():
    return {"id": str(uuid.uuid4())}

uvicorn.run(app, host="0.0.0.0", port=8080, loop="${loop}")
`;

test.each(['asyncio', 'uvloop'])(
  'of a FastAPI agent on %s the lifespan is checked, but not the pings',
  async (loop) => {
    const { hazards } = await check(await usePythonAgent(fastApi(loop)));
    expect(hazards).toEqual(['9: uuid uuid.uuid4()']);
  },
);

test('the Python template has no hazards', async () => {
  const root = await usePythonSample();
  const code = join(root, 'app', 'Assistant');
  const agent = await usePythonAgent('', { root, code, entrypoint: 'main.py' });
  expect((await check(agent)).check).toEqual({ state: 'checked', reason: null, hazards: [] });
});

test('the TypeScript template, which is on the AgentCore SDK, has no hazards', async () => {
  const root = await useSampleProject();
  const code = join(root, 'app', 'Assistant');
  const agent = await useAgent('', { root, code, entrypoint: 'main.ts' });
  expect((await check(agent)).check).toEqual({ state: 'checked', reason: null, hazards: [] });
});
