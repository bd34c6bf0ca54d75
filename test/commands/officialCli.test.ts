import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
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

/** A project with the fields that the official CLI requires. */
const officialProject = {
  ...project,
  version: 1,
  managedBy: 'CDK',
  runtimes: [{ ...project.runtimes[0], build: 'CodeZip', runtimeVersion: 'NODE_22' }],
};

const id = 'a-'.padEnd(40, '0');

/** The environment of the official CLI in a folder, with its own home and without telemetry. */
async function officialEnvironment(folder: string, path = usePart('officialCli')) {
  const home = await useFolder();
  return {
    HOME: home,
    // The official CLI works in INIT_CWD, which npm sets for the tests.
    INIT_CWD: folder,
    PATH: path + delimiter + (process.env['PATH'] ?? ''),
    AGENTCORE_TELEMETRY_DISABLED: '1',
    AGENTCORE_CONFIG_DIR: join(home, 'agentcore'),
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}

/** Runs the official CLI through our command. */
async function cli(folder: string, args: string[], path?: string) {
  const environment = await officialEnvironment(folder, path);
  const running = useCommand(['cli', ...args], environment, { cwd: folder });
  const code = await running.exited;
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}

test('the unmodified official CLI invokes the sample agent, runs commands in its session and prints its status', async () => {
  const root = await useSampleProject();
  // The CLI finds the token with the URL, as for an emulator that VS Code started.
  const { url } = await useCommand([root, '--port', '0', '--token', 'auto']).ready();
  const setCity = ['invoke', 'remember my city is Turin', '--session-id', id];
  expect(await cli(root, ['--', ...setCity])).toMatchObject({ code: 0 });
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

/** An agent in the layout of the official template, whose imports only tsx resolves. */
const agentFiles = {
  'main.ts': `
    import { createServer } from 'node:http';
    import { model } from './model/load.js';
    createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      const answer: object = request.url === '/ping' ? { status: 'Healthy' } : { result: model };
      response.end(JSON.stringify(answer));
    }).listen(8080);
  `,
  'model/load.ts': `export enum Size { Small = 'small' }\nexport const model: string = Size.Small;`,
};

test('a TypeScript project created by the official CLI runs from its source', async () => {
  const folder = await useFolder();
  const part = usePart('officialCli');
  const create = ['create', '--name', 'Demo', '--language', 'TypeScript', '--framework', 'Strands'];
  const options = [
    '--model-provider',
    'Bedrock',
    '--memory',
    'none',
    '--skip-install',
    '--skip-git',
  ];
  await promisify(execFile)(process.execPath, [join(part, 'agentcore'), ...create, ...options], {
    cwd: folder,
    env: { ...process.env, ...(await officialEnvironment(folder)) },
  });
  const root = join(folder, 'Demo');
  const code = join(root, 'app', 'Demo');
  for (const [file, content] of Object.entries(agentFiles)) {
    await writeFile(join(code, file), content);
  }
  await symlink(join(part, '..', 'node_modules'), join(code, 'node_modules'), 'junction');
  const running = useCommand([root, '--port', '0', '--ephemeral']);
  const { url } = await running.ready();
  const response = await fetch(`${url}/invocations`, { method: 'POST', body: '{}' });
  expect(await response.json()).toEqual({ result: 'small' });
});

test('requests to AgentCore’s hosts reach the emulator by fetch, https and WebSocket, and others do not', async () => {
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
  const preload = fileURLToPath(new URL('../../src/cli/officialCliPreload.cjs', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--require', preload, '-e', `(async () => {${script}})()`],
    { env: { ...process.env, AGENTCORE_EMULATOR_URL: url } },
  );
  expect(JSON.parse(stdout)).toEqual([200, 'UnknownOperationException', 'x', 'not']);
});

test('other targets in the official CLI’s files are unchanged', async () => {
  const root = await useProject(officialProject);
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
    stderr: expect.stringMatching(/has a target 'local' that is not the emulator's\. Rename it/),
  });
  expect(JSON.parse(await readFile(targetsFile, 'utf8'))).toEqual(own);
});

test('missing parts are one-line errors', async () => {
  const root = await useProject(project);
  const nowhere = await useFolder();
  expect(await cli(nowhere, ['--', 'status'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /No agentcore\/agentcore\.json in .*Change to a project of the official CLI/,
    ),
  });
  expect(await cli(root, ['--', 'status'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/No emulator is running for .*Start one with agentcore-emulator/),
  });
  expect(await cli(root, ['--', 'deploy'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/The cli command runs only invoke, exec and status .*not deploy/),
  });
  // Another program with the same name, such as the older toolkit, is not used.
  const other = join(nowhere, 'agentcore');
  await writeFile(other, '#!/bin/sh\necho not me\n', { mode: 0o755 });
  await useCommand([root, '--port', '0']).ready();
  expect(await cli(root, ['--', 'status'], nowhere)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /The official CLI is not installed.*npm install -g @aws\/agentcore/,
    ),
  });
});
