import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import type { AgentSummary } from '../../src/shared/emulator.ts';
import { useFolder } from '../support/agents.ts';
import { useCommand } from '../support/command.ts';
import { usePart } from '../support/parts.ts';
import { project, useProject, useSampleProject } from '../support/project.ts';

vi.setConfig({ testTimeout: 120_000 });

/** What the official CLI demands of a project besides. */
const whole = {
  ...project,
  version: 1,
  managedBy: 'CDK',
  runtimes: [{ ...project.runtimes[0], build: 'CodeZip', runtimeVersion: 'NODE_22' }],
};

const id = 'a-'.padEnd(40, '0');

/** The official CLI by our command, in a folder; it has a home of its own and tells nobody of its use. */
async function cli(folder: string, args: string[], path = usePart('officialCli')) {
  const home = await useFolder();
  const environment = {
    HOME: home,
    // Where npm was started is where the official CLI takes itself to be, and npm started the tests.
    INIT_CWD: folder,
    PATH: path + delimiter + (process.env['PATH'] ?? ''),
    AGENTCORE_TELEMETRY_DISABLED: '1',
    AGENTCORE_CONFIG_DIR: join(home, 'agentcore'),
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  const running = useCommand(['cli', ...args], environment, { cwd: folder });
  const code = await running.exited;
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}

test('the unmodified official CLI invokes the sample agent, runs commands beside it and says its status', async () => {
  const root = await useSampleProject();
  // The CLI finds the token with the URL, as where VS Code has started the emulator.
  const { url } = await useCommand([root, '--port', '0', '--token', 'auto']).ready();
  const remember = ['invoke', 'remember my city is Turin', '--session-id', id];
  expect(await cli(root, ['--', ...remember])).toMatchObject({ code: 0 });
  const stream = await cli(root, ['invoke', 'what is my city?', '--stream', '--session-id', id]);
  expect(stream).toMatchObject({ code: 0, stdout: expect.stringMatching(/Turin/) });

  const command = ['exec', 'echo $((6 * 7)); pwd; exit 3', '--session-id', id];
  const exec = await cli(root, ['--', ...command]);
  expect(exec).toMatchObject({ code: 3, stdout: expect.stringMatching(/^42\n.*app\/Assistant\n/) });

  const status = await cli(root, ['--', 'status']);
  expect(status).toMatchObject({ code: 0, stdout: expect.stringMatching(/Assistant: .*READY/) });

  const { agents } = (await (await fetch(`${url}/_emulator/agents`)).json()) as {
    agents: AgentSummary[];
  };
  const sessions = (await (await fetch(`${url}/_emulator/sessions`)).json()) as {
    sessions: { sessionId: string; runtimeId: string }[];
  };
  expect(sessions.sessions).toMatchObject([{ sessionId: id, runtimeId: agents[0]!.runtimeId }]);
});

test('by fetch, https and web sockets alike AgentCore’s hosts are the emulator, and no others are', async () => {
  const root = await useProject(project);
  const args = [root, '--port', '0', '--ephemeral', '--token', 'auto'];
  const { url } = await useCommand(args).ready();
  const host = 'bedrock-agentcore.us-east-1.amazonaws.com';
  const { agents } = (await (await fetch(`${url}/_emulator/agents`)).json()) as {
    agents: AgentSummary[];
  };
  const runtime = `/runtimes/${agents[0]!.runtimeId}`;
  const script = `
    const https = require('node:https');
    const { WebSocket } = require(${JSON.stringify(createRequire(import.meta.url).resolve('ws'))});
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    const fetched = await fetch('https://${host}${runtime}/invocations', post).then((r) => r.status);
    const asked = await new Promise((resolve) => https.get('https://${host}${runtime}/invocations',
      (answer) => resolve(answer.headers['x-amzn-errortype'])));
    const socket = new WebSocket('wss://${host}${runtime}/ws/shells?shellId=x');
    const shell = await new Promise((resolve) => socket.on('message', resolve));
    socket.terminate();
    const other = await fetch('https://127.0.0.1:9/').then(() => 'reached', () => 'not');
    console.log(JSON.stringify([fetched, asked, JSON.parse(shell.toString('utf8', 1)).metadata.shellId, other]));
  `;
  const preload = fileURLToPath(new URL('../../src/cli/officialCli.cjs', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--require', preload, '-e', `(async () => {${script}})()`],
    { env: { ...process.env, AGENTCORE_EMULATOR_URL: url } },
  );
  expect(JSON.parse(stdout)).toEqual([200, 'UnknownOperationException', 'x', 'not']);
});

test('what others have in the official CLI’s files stays as it is', async () => {
  const root = await useProject(whole);
  const targets = [{ name: 'default', account: '123456789012', region: 'eu-west-1', extra: [1] }];
  const deployed = { targets: { default: { resources: { stackName: 'Mine' } } }, other: true };
  await mkdir(join(root, 'agentcore', '.cli'));
  const targetsFile = join(root, 'agentcore', 'aws-targets.json');
  const stateFile = join(root, 'agentcore', '.cli', 'deployed-state.json');
  await writeFile(targetsFile, JSON.stringify(targets));
  await writeFile(stateFile, JSON.stringify(deployed));
  const { url } = await useCommand([root, '--port', '0', '--ephemeral']).ready();
  expect(await cli(root, ['--endpoint', url, '--', 'status'])).toMatchObject({ code: 0 });
  expect(JSON.parse(await readFile(targetsFile, 'utf8'))).toEqual([
    ...targets,
    { name: 'local', account: '000000000000', region: 'us-east-1' },
  ]);
  const state = JSON.parse(await readFile(stateFile, 'utf8')) as {
    targets: { local: { resources: { runtimes: object } } };
  };
  expect(state).toMatchObject(deployed);
  expect(Object.keys(state.targets.local.resources.runtimes)).toEqual(['Helper']);

  const own = [{ ...targets[0], name: 'local' }];
  await writeFile(targetsFile, JSON.stringify(own));
  expect(await cli(root, ['--endpoint', url, '--', 'status'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/has a target 'local' of your own; give it another name/),
  });
  expect(JSON.parse(await readFile(targetsFile, 'utf8'))).toEqual(own);
});

test('what is missing is said in one line', async () => {
  const root = await useProject(project);
  const nowhere = await useFolder();
  expect(await cli(nowhere, ['--', 'status'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/is in no project of the official CLI/),
  });
  expect(await cli(root, ['--', 'status'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no emulator runs for .*start one with agentcore-emulator/),
  });
  expect(await cli(root, ['--', 'deploy'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/cli runs invoke, exec and status .*not deploy/),
  });
  // Another program of that name, such as the toolkit before it, is not taken for it.
  const other = join(nowhere, 'agentcore');
  await writeFile(other, '#!/bin/sh\necho not me\n', { mode: 0o755 });
  await useCommand([root, '--port', '0']).ready();
  expect(await cli(root, ['--', 'status'], nowhere)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /the official CLI is not installed.*npm install -g @aws\/agentcore/,
    ),
  });
});
