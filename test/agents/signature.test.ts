import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { echoAgent, useAgent } from '../support/agents.ts';
import { sessionId, useEmulator } from '../support/emulator.ts';
import { botoEnvironment, sdkAgent, usePythonAgent } from '../support/python.ts';

vi.setConfig({ testTimeout: 60_000 });

const KEY = { id: 'AKIDEXAMPLE', secret: 'a/secret+=', sessionToken: 'a/token+=' };

/** Runs Python with boto3; the environment has the emulator's URL and the key. */
async function python(url: string, code: string, key = KEY): Promise<unknown> {
  const { stdout } = await promisify(execFile)('python3', ['-c', code], {
    env: {
      ...botoEnvironment(url),
      AWS_ACCESS_KEY_ID: key.id,
      AWS_SECRET_ACCESS_KEY: key.secret,
      AWS_SESSION_TOKEN: key.sessionToken,
    },
  });
  return JSON.parse(stdout);
}

const invoke = (arn: string) => `
import boto3, json
from botocore.exceptions import ClientError
client = boto3.client("bedrock-agentcore")
try:
    answer = client.invoke_agent_runtime(
        agentRuntimeArn="${arn}", qualifier="DEFAULT", baggage="a=1,  b=2",
        runtimeSessionId="${sessionId('a')}", payload=json.dumps({"prompt": "Grüße"}))
    print(json.dumps({"turns": json.loads(answer["response"].read())["turns"]}))
except ClientError as error:
    print(json.dumps(error.response["Error"]))
`;

test('boto3 is accepted with a valid key and learns what is wrong with another', async () => {
  const agent = await useAgent(echoAgent);
  const { url, agent: summary } = await useEmulator({ agents: [agent], accessKeys: [KEY] });
  expect(await python(url, invoke(summary.arn))).toEqual({ turns: 1 });
  expect(await python(url, invoke(summary.arn), { ...KEY, secret: 'other' })).toMatchObject({
    Code: 'InvalidSignatureException',
    Message: expect.stringContaining('The Canonical String for this request should have been'),
  });
  expect(await python(url, invoke(summary.arn), { ...KEY, id: 'AKIDOTHER' })).toMatchObject({
    Code: 'UnrecognizedClientException',
  });
});

/** Greets each accepted connection with its session ID. */
const greeting = sdkAgent(`
@app.websocket
async def talk(websocket, context):
    await websocket.accept()
    await websocket.send_text(f"hello {context.session_id}")
`);

/** Prints the URLs and headers that the official SDK generates for the emulator's endpoint. */
const connections = (url: string, arn: string) => `
import json
from bedrock_agentcore.runtime import agent_core_runtime_client as module
module.get_data_plane_endpoint = lambda region: "${url.replace('http:', 'https:')}"
client = module.AgentCoreRuntimeClient(region="us-east-1")
url, headers = client.generate_ws_connection("${arn}", session_id="${sessionId('a')}")
presigned = client.generate_presigned_url(
    "${arn}", session_id="${sessionId('b')}", endpoint_name="DEFAULT",
    custom_headers={"X-Amzn-Bedrock-AgentCore-Runtime-Custom-A": "a b"}, expires=300)
print(json.dumps({"url": url, "headers": headers, "presigned": presigned}))
`;

interface Connections {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly presigned: string;
}

function open(url: string, headers: Record<string, string> = {}): WebSocket {
  const authHeaders = Object.entries(headers).filter(([name]) =>
    /^(?:authorization|x-amz)/i.test(name),
  );
  const socket = new WebSocket(url.replace('wss:', 'ws:'), {
    headers: Object.fromEntries(authHeaders),
  });
  socket.on('error', () => {});
  onTestFinished(() => socket.terminate());
  return socket;
}

async function firstMessage(socket: WebSocket): Promise<string> {
  const [message] = (await once(socket, 'message')) as [Buffer];
  return message.toString();
}

async function rejection(socket: WebSocket): Promise<string> {
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  return `${response.statusCode} ${String(response.headers['x-amzn-errortype'])}`;
}

test('a WebSocket is signed in its headers or its URL, as by the official SDK', async () => {
  const agent = await usePythonAgent(greeting);
  const { url, agent: summary } = await useEmulator({ agents: [agent], accessKeys: [KEY] });
  const generated = (await python(url, connections(url, summary.arn))) as Connections;
  expect(await firstMessage(open(generated.url, generated.headers))).toBe(
    `hello ${sessionId('a')}`,
  );
  expect(await firstMessage(open(generated.presigned))).toBe(`hello ${sessionId('b')}`);
  expect(await rejection(open(generated.url))).toBe('403 MissingAuthenticationTokenException');
  const changed = generated.presigned.replace(sessionId('b'), sessionId('c'));
  expect(await rejection(open(changed))).toBe('403 InvalidSignatureException');
});
