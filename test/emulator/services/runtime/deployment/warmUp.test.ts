import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  GetAgentRuntimeCommand,
  UpdateAgentRuntimeCommand,
  type UpdateAgentRuntimeRequest,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { serverAgent, useAgent, useFolder } from '../../../../support/agents.ts';
import { useCurrentControlPlane, waitUntilSettled } from '../../../../support/controlPlane.ts';
import { useEmulator, type TestEmulator } from '../../../../support/emulator.ts';
import { eventually } from '../../../../support/eventually.ts';

/** Updates the project's agent with these settings. Resolves without waiting for the new version. */
async function updateAgent(
  { agent, url }: TestEmulator,
  settings: Partial<UpdateAgentRuntimeRequest>,
) {
  const control = useCurrentControlPlane({ url });
  const { runtimeId: agentRuntimeId } = agent;
  const { agentRuntimeArtifact, roleArn } = await control.send(
    new GetAgentRuntimeCommand({ agentRuntimeId }),
  );
  await control.send(
    new UpdateAgentRuntimeCommand({ agentRuntimeId, agentRuntimeArtifact, roleArn, ...settings }),
  );
  return () => waitUntilSettled(control, agentRuntimeId);
}

/** Records each request except pings in a file, and answers the hook as `answer` says. */
const recordingAgent = (answer: string) =>
  serverAgent(
    `if (url === '/ping') return json(response, { status: 'Healthy' });
     appendFileSync(process.env.RECORD, request.method + ' ' + url + ' ' + body.length + '\\n');
     if (url === '/warm') { warmed += 1; ${answer} }
     if (url === '/invocations') return json(response, { warmed });`,
    `const { appendFileSync } = process.getBuiltinModule('node:fs'); let warmed = 0;`,
  );

async function useRecordingAgent(answer: string) {
  const emulator = await useEmulator({ agents: [await useAgent(recordingAgent(answer))] });
  const record = join(await useFolder(), 'requests');
  const settle = await updateAgent(emulator, {
    platformVersion: 'V2',
    hooksConfiguration: { build: { warmup: { action: { httpPost: { path: '/warm' } } } } },
    environmentVariables: { RECORD: record },
  });
  const requests = async () => (await readFile(record, 'utf8')).trim().split('\n');
  return { emulator, settle, requests };
}

test('a version is READY after one POST to its hook, and each machine gets one', async () => {
  const { emulator, settle, requests } = await useRecordingAgent('');
  expect(await settle()).toMatchObject({ status: 'READY', agentRuntimeVersion: '2' });
  expect(await requests()).toEqual(['POST /warm 0']);
  expect(await emulator.sessions()).toEqual([]);
  expect(await emulator.invoke()).toEqual({ warmed: 1 });
  expect((await requests()).slice(1)).toEqual([
    'POST /warm 0',
    expect.stringMatching(/^POST \/invocations /),
  ]);
});

test('a hook that fails is not repeated, and the version is UPDATE_FAILED with the reason', async () => {
  const { settle, requests } = await useRecordingAgent(
    `response.writeHead(503); return response.end('not found');`,
  );
  expect(await settle()).toMatchObject({
    status: 'UPDATE_FAILED',
    failureReason: expect.stringMatching(
      /^The warm-up hook failed: POST \/warm: it returned status 503: not found\./,
    ) as string,
  });
  expect(await requests()).toEqual(['POST /warm 0']);
});

test('a hook that does not complete within 120 seconds fails', async () => {
  const { emulator, settle, requests } = await useRecordingAgent('return;');
  await eventually(async () => expect(await requests()).toHaveLength(1));
  await emulator.admin('/clock', { advanceSeconds: 119 });
  await emulator.admin('/clock', { advanceSeconds: 2 });
  expect(await settle()).toMatchObject({
    status: 'UPDATE_FAILED',
    failureReason: expect.stringContaining('it did not complete within 120 s') as string,
  });
});

test('an agent is called on the port and path of its protocol configuration', async () => {
  const source = serverAgent(`if (url === '/chat/turn') return json(response, { url });`).replace(
    'listen(8080',
    'listen(9100',
  );
  const emulator = await useEmulator({ agents: [await useAgent(source)] });
  const settle = await updateAgent(emulator, {
    protocolConfiguration: { serverProtocol: 'HTTP', port: 9100, path: '/chat/turn' },
  });
  expect(await settle()).toMatchObject({ status: 'READY' });
  expect(await emulator.invoke()).toEqual({ url: '/chat/turn' });
});

test('an MCP server gets its ping at the path of its protocol configuration', async () => {
  const source = serverAgent(
    `if (url !== '/tools') { response.writeHead(403); return response.end(); }
     return json(response, { jsonrpc: '2.0', id: JSON.parse(body).id, result: {} });`,
  ).replace('listen(8080', 'listen(8100');
  const emulator = await useEmulator({ agents: [await useAgent(source)] });
  const settle = await updateAgent(emulator, {
    protocolConfiguration: { serverProtocol: 'MCP', port: 8100, path: '/tools' },
  });
  expect(await settle()).toMatchObject({ status: 'READY' });
  const payload = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/list' });
  expect(await emulator.invoke({ payload })).toMatchObject({ id: 7, result: {} });
});

test('a hook may have a port of its own, which session endpoints do not reach', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (url === '/invocations') return json(response, { warmed });`,
      `let warmed = '';
       createServer((request, response) => {
         warmed += request.method + request.url;
         response.end();
       }).listen(9300);`,
    ),
  );
  const emulator = await useEmulator({ agents: [agent] });
  const warmup = { action: { httpPost: { path: '/ping', port: 9300 } } };
  const settle = await updateAgent(emulator, {
    platformVersion: 'V2',
    hooksConfiguration: { build: { warmup } },
    allowedPorts: [{ portRange: { from: 9000, to: 9001 } }],
  });
  expect(await settle()).toMatchObject({ status: 'READY' });
  const answer = await fetch(
    `${emulator.url}/runtimes/${encodeURIComponent(emulator.agent.arn)}/invocations`,
    { method: 'POST', body: '{}' },
  );
  expect(await answer.json()).toEqual({ warmed: 'POST/ping' });
  const endpoint = answer.headers.get('x-amzn-bedrock-agentcore-runtime-session-endpoint-url');
  expect((await fetch(`${endpoint}:9300/`)).status).toBe(403);
});

test('a hook on a port on which nothing listens fails', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(serverAgent(''))] });
  const settle = await updateAgent(emulator, {
    platformVersion: 'V2',
    hooksConfiguration: {
      build: { warmup: { action: { httpPost: { path: '/warm', port: 9300 } } } },
    },
  });
  expect(await settle()).toMatchObject({
    status: 'UPDATE_FAILED',
    failureReason: expect.stringContaining(
      'The warm-up hook failed: POST :9300/warm: nothing listens on port 9300.',
    ) as string,
  });
});
