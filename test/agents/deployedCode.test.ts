import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  CreateAgentRuntimeCommand,
  CreateAgentRuntimeEndpointCommand,
  DeleteAgentRuntimeCommand,
  GetAgentRuntimeCommand,
  UpdateAgentRuntimeCommand,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, onTestFinished, test, vi } from 'vitest';
import { serverAgent, useFolder } from '../support/agents.ts';
import { nodeCode, waitUntilSettled, useControlPlane } from '../support/controlPlane.ts';
import { sessionId, useEmulator } from '../support/emulator.ts';
import { eventually } from '../support/eventually.ts';
import { botoEnvironment, plainPythonAgent, findPythonPackages } from '../support/python.ts';
import { useS3, createZip } from '../support/s3.ts';

/** Builds a zip of a Node agent that returns its name and its SETTING. */
const agentZip = (name: string) =>
  createZip(
    { name: 'package.json', text: '{ "type": "module" }' },
    {
      name: 'main.js',
      text: serverAgent(
        `if (url === '/invocations') return json(response, { name: '${name}', setting: process.env.SETTING });`,
      ),
    },
  );

test('code in S3 runs once READY; updates apply to new sessions, and endpoints pin a version', async () => {
  const s3 = await useS3();
  await s3.put('one.zip', await agentZip('one'));
  await s3.put('two.zip', await agentZip('two'));
  const dataFolder = await useFolder();
  const emulator = await useEmulator({ agents: [], dataFolder });
  const control = useControlPlane(emulator);
  const created = await control.send(
    new CreateAgentRuntimeCommand({
      ...nodeCode('Deployed', 'one.zip'),
      environmentVariables: { SETTING: 'first' },
    }),
  );
  const { agentRuntimeId, agentRuntimeArn } = created;
  expect(await waitUntilSettled(control, agentRuntimeId)).toMatchObject({ status: 'READY' });
  const old = { agentRuntimeArn, runtimeSessionId: sessionId('old') };
  expect(await emulator.invoke(old)).toEqual({ name: 'one', setting: 'first' });

  await control.send(new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name: 'prod' }));
  const { agentRuntimeName: _, ...second } = nodeCode('Deployed', 'two.zip');
  await control.send(new UpdateAgentRuntimeCommand({ ...second, agentRuntimeId }));
  await waitUntilSettled(control, agentRuntimeId);
  expect(await emulator.invoke(old)).toEqual({ name: 'one', setting: 'first' });
  const fresh = { agentRuntimeArn, runtimeSessionId: sessionId('new') };
  expect(await emulator.invoke(fresh)).toEqual({ name: 'two' });
  expect(await emulator.invoke({ ...fresh, qualifier: 'prod' })).toMatchObject({ name: 'one' });
  await emulator.close();

  const again = await useEmulator({ agents: [], dataFolder });
  expect(again.agent).toMatchObject({
    runtimeId: agentRuntimeId,
    status: 'READY',
    endpoints: [
      { name: 'DEFAULT', version: '2' },
      { name: 'prod', version: '1' },
    ],
  });
  expect(await again.invoke(fresh)).toEqual({ name: 'two' });
  expect(await again.invoke({ ...fresh, qualifier: 'prod' })).toMatchObject({ name: 'one' });
});

test('deleting an unused version ends the sessions that still run it', async () => {
  const s3 = await useS3();
  await s3.put('one.zip', await agentZip('one'));
  const emulator = await useEmulator({ agents: [] });
  const control = useControlPlane(emulator);
  const given = nodeCode('Deployed', 'one.zip');
  const created = await control.send(new CreateAgentRuntimeCommand(given));
  const { agentRuntimeId, agentRuntimeArn } = created;
  await waitUntilSettled(control, agentRuntimeId);
  await emulator.invoke({ agentRuntimeArn });
  const { agentRuntimeName: _, ...second } = given;
  await control.send(new UpdateAgentRuntimeCommand({ ...second, agentRuntimeId }));
  await waitUntilSettled(control, agentRuntimeId);

  const first = { agentRuntimeId, agentRuntimeVersion: '1' };
  await control.send(new DeleteAgentRuntimeCommand(first));
  await expect(control.send(new GetAgentRuntimeCommand(first))).rejects.toThrow(
    /version: 1 not found! The runtime has the versions 2\./,
  );
  await eventually(async () =>
    expect(await emulator.sessions()).toMatchObject([{ version: '1', reason: 'runtime-deleted' }]),
  );
});

test('the same code can be deployed twice at once, and runs after its data folder moves', async () => {
  const s3 = await useS3();
  await s3.put('one.zip', await agentZip('one'));
  const folder = await useFolder();
  const before = join(folder, 'before');
  const first = await useEmulator({ agents: [], dataFolder: before });
  const control = useControlPlane(first);
  const created = await Promise.all(
    ['One', 'Other'].map((name) =>
      control.send(new CreateAgentRuntimeCommand(nodeCode(name, 'one.zip'))),
    ),
  );
  for (const { agentRuntimeId } of created) {
    expect(await waitUntilSettled(control, agentRuntimeId)).toMatchObject({ status: 'READY' });
  }
  await first.close();
  await rename(before, join(folder, 'after'));
  const second = await useEmulator({ agents: [], dataFolder: join(folder, 'after') });
  const { agentRuntimeArn } = created[0]!;
  expect(await second.invoke({ agentRuntimeArn })).toEqual({ name: 'one' });
});

test('the warm pool holds the versions that endpoints lead to', async () => {
  const s3 = await useS3();
  await s3.put('one.zip', await agentZip('one'));
  await s3.put('two.zip', await agentZip('two'));
  const emulator = await useEmulator({ agents: [], warm: 1 });
  const control = useControlPlane(emulator);
  const created = await control.send(
    new CreateAgentRuntimeCommand(nodeCode('Deployed', 'one.zip')),
  );
  const { agentRuntimeId, agentRuntimeArn } = created;
  const untilWarm = () =>
    eventually(async () => expect(await emulator.countWarmMachines()).toBe(1));
  await untilWarm();
  const { agentRuntimeName: _, ...second } = nodeCode('Deployed', 'two.zip');
  await control.send(new UpdateAgentRuntimeCommand({ ...second, agentRuntimeId }));
  await waitUntilSettled(control, agentRuntimeId);
  await untilWarm();
  expect(await emulator.invoke({ agentRuntimeArn })).toEqual({ name: 'two' });
});

test('the next emulator resumes an interrupted download', async () => {
  const s3 = await useS3();
  await s3.put('one.zip', await agentZip('one'));
  const served = process.env['AWS_ENDPOINT_URL_S3'];
  const silent = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void silent.close());
  await once(silent, 'listening');
  vi.stubEnv('AWS_ENDPOINT_URL_S3', `http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  const dataFolder = await useFolder();
  const first = await useEmulator({ agents: [], dataFolder });
  const called = once(silent, 'connection');
  const control = useControlPlane(first);
  const created = await control.send(
    new CreateAgentRuntimeCommand(nodeCode('Deployed', 'one.zip')),
  );
  const { agentRuntimeId } = created;
  await called;
  await expect(control.send(new DeleteAgentRuntimeCommand({ agentRuntimeId }))).rejects.toThrow(
    /Current status: CREATING/,
  );
  await first.close();

  vi.stubEnv('AWS_ENDPOINT_URL_S3', served);
  const second = await useEmulator({ agents: [], dataFolder });
  expect(await waitUntilSettled(useControlPlane(second), agentRuntimeId)).toMatchObject({
    status: 'READY',
  });
});

test.each([
  ['a path that leads out', [{ name: '../out.js', text: '' }], /invalid relative path: \.\.\/out/],
  ['an absolute path', [{ name: '/tmp/out.js', text: '' }], /absolute path: \/tmp\/out.js/],
  ['a link', [{ name: 'main.js', text: '/etc/passwd', mode: 0o120777 }], /'main.js' is a link/],
  [
    'a name twice',
    [
      { name: 'main.js', text: '1' },
      { name: 'main.js', text: '2' },
    ],
    /cannot be unpacked: EEXIST/,
  ],
  ['no entry point', [{ name: 'other.js', text: '' }], /entryPoint main.js is not in the zip/],
])('a zip with %s fails with the reason', async (_, entries, reason) => {
  const s3 = await useS3();
  await s3.put('agent.zip', await createZip(...entries));
  const control = useControlPlane(await useEmulator({ agents: [] }));
  const created = await control.send(new CreateAgentRuntimeCommand(nodeCode('Bad')));
  const { status, failureReason } = await waitUntilSettled(control, created.agentRuntimeId);
  expect(status).toBe('CREATE_FAILED');
  expect(failureReason).toMatch(reason);
});

test('an invalid zip and a missing object are reported', async () => {
  const s3 = await useS3();
  await s3.put('text.zip', Buffer.from('not a zip'));
  const control = useControlPlane(await useEmulator({ agents: [] }));
  const reason = async (name: string, key: string) => {
    const created = await control.send(new CreateAgentRuntimeCommand(nodeCode(name, key)));
    return (await waitUntilSettled(control, created.agentRuntimeId)).failureReason;
  };
  expect(await reason('Text', 'text.zip')).toMatch(/it is not a zip/);
  expect(await reason('Missing', 'missing.zip')).toMatch(
    /s3:\/\/code\/missing\.zip.*does not exist/,
  );
});

test('an entry point with opentelemetry-instrument is instrumented', async () => {
  const s3 = await useS3();
  const main = plainPythonAgent(
    'type(trace.get_tracer_provider()).__name__',
    'from opentelemetry import trace',
  );
  await s3.put('agent.zip', await createZip({ name: 'main.py', text: main }));
  const emulator = await useEmulator({ agents: [] });
  const control = useControlPlane(emulator);
  const deploy = async (agentRuntimeName: string, entryPoint: string[]) => {
    const request = nodeCode(agentRuntimeName);
    const { code } = request.agentRuntimeArtifact.codeConfiguration;
    const { agentRuntimeId, agentRuntimeArn } = await control.send(
      new CreateAgentRuntimeCommand({
        ...request,
        agentRuntimeArtifact: { codeConfiguration: { code, runtime: 'PYTHON_3_12', entryPoint } },
        environmentVariables: {
          PYTHONPATH: findPythonPackages(),
          OTEL_TRACES_EXPORTER: 'none',
          OTEL_METRICS_EXPORTER: 'none',
          OTEL_LOGS_EXPORTER: 'none',
        },
      }),
    );
    await waitUntilSettled(control, agentRuntimeId);
    return emulator.invoke({ agentRuntimeArn });
  };
  expect(await deploy('Plain', ['main.py'])).toBe('ProxyTracerProvider');
  expect(await deploy('Traced', ['opentelemetry-instrument', 'main.py'])).toBe('TracerProvider');
});

test('boto3 deploys a Python agent that keeps its file modes and runs without a missing wrapper', async () => {
  const s3 = await useS3();
  const main = plainPythonAgent('subprocess.run(["./tool"], capture_output=True).stdout.decode()');
  await s3.put(
    'agent.zip',
    await createZip(
      { name: 'main.py', text: `import subprocess\n${main}` },
      { name: 'tool', text: '#!/bin/sh\nprintf done', mode: 0o100755 },
    ),
  );
  const emulator = await useEmulator({ agents: [] });
  const script = `
import boto3, json, time
control = boto3.client("bedrock-agentcore-control")
created = control.create_agent_runtime(
    agentRuntimeName="FromBoto",
    roleArn="arn:aws:iam::000000000000:role/agent",
    networkConfiguration={"networkMode": "PUBLIC"},
    agentRuntimeArtifact={"codeConfiguration": {
        "code": {"s3": {"bucket": "code", "prefix": "agent.zip"}},
        "runtime": "PYTHON_3_12",
        "entryPoint": ["opentelemetry-instrument", "main.py"],
    }},
)
id = created["agentRuntimeId"]
while control.get_agent_runtime(agentRuntimeId=id)["status"] == "CREATING":
    time.sleep(0.1)
answer = boto3.client("bedrock-agentcore").invoke_agent_runtime(
    agentRuntimeArn=created["agentRuntimeArn"], payload=b"{}")
print(answer["response"].read().decode())
control.delete_agent_runtime(agentRuntimeId=id)
`;
  const { stdout } = await promisify(execFile)('python3', ['-c', script], {
    env: {
      ...botoEnvironment(emulator.url),
      AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL: emulator.url,
    },
  });
  expect(stdout).toBe('"done"\n');
  expect(emulator.log.join('\n')).toContain('runs without OpenTelemetry');
});
