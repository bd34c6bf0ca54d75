import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import { ListAgentRuntimesCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, onTestFinished, test } from 'vitest';
import type { AgentSummary } from '../../src/shared/emulator.ts';
import type { SessionSummary } from '../../src/shared/session.ts';
import { echoAgent, serverAgent, useFolder } from '../support/agents.ts';
import { runCommand, sample, useCommand } from '../support/command.ts';
import { useControlPlane } from '../support/controlPlane.ts';
import { eventually } from '../support/eventually.ts';
import { project, useProject } from '../support/project.ts';
import { isAlive } from '../support/processes.ts';

test('the first line on standard output is the ready message, and nothing else is there', async () => {
  const root = await useProject(project);
  const running = useCommand([root, '--port', '0', '--ephemeral']);
  const ready = await running.ready();
  expect(ready).toEqual({
    type: 'ready',
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    pid: running.process.pid,
  });
  const health = await fetch(`${ready.url}/_emulator/health`);
  expect(await health.json()).toMatchObject({ status: 'ready', pid: ready.pid });
  running.process.kill('SIGTERM');
  expect(await running.exited).toBe(0);
  expect(running.stdout().trim().split('\n')).toHaveLength(1);
});

test('Ctrl-C ends every session and leaves no process', async () => {
  const agent = serverAgent(
    `if (url === '/invocations') return json(response, { pid: process.pid });`,
  );
  const root = await useProject(project, agent);
  const running = useCommand(['start', root, '--port=0', '--ephemeral']);
  const { url } = await running.ready();
  const answer = await fetch(`${url}/invocations`, { method: 'POST', body: '{}' });
  const { pid } = (await answer.json()) as { pid: number };
  expect(isAlive(pid)).toBe(true);
  running.process.kill('SIGINT');
  expect(await running.exited).toBe(0);
  expect(isAlive(pid)).toBe(false);
});

test('the clock’s offset outlives the emulator, and so do ARNs', async () => {
  const root = await useProject(project);
  const first = useCommand([root, '--port', '0']);
  const before = await describe(first.ready());
  await fetch(`${before.url}/_emulator/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"advanceSeconds":3600}',
  });
  first.process.kill('SIGTERM');
  await first.exited;
  const second = useCommand([root, '--port', '0']);
  const after = await describe(second.ready());
  expect(after.offsetSeconds).toBeGreaterThanOrEqual(3600);
  expect(after.arn).toBe(before.arn);

  async function describe(ready: Promise<{ url: string }>) {
    const { url } = await ready;
    const clock = (await (await fetch(`${url}/_emulator/clock`)).json()) as {
      offsetSeconds: number;
    };
    const { agents } = (await (await fetch(`${url}/_emulator/agents`)).json()) as {
      agents: AgentSummary[];
    };
    return { url, ...clock, arn: agents[0]!.arn };
  }
});

test('settings and secrets of the project reach its agent', async () => {
  const root = await useProject(
    {
      ...project,
      runtimes: [
        {
          ...project.runtimes[0],
          envVars: [{ name: 'COLOUR', value: 'green' }],
          lifecycleConfiguration: { idleRuntimeSessionTimeout: 60, maxLifetime: 120 },
        },
      ],
    },
    serverAgent(`if (url === '/invocations') return json(response, process.env);`),
  );
  await writeFile(join(root, 'agentcore', '.env.local'), 'API_KEY="s3cret"\nCOLOUR=red\n');
  const running = useCommand([root, '--port', '0', '--ephemeral']);
  const { url } = await running.ready();
  const answer = await fetch(`${url}/invocations`, { method: 'POST', body: '{}' });
  expect(await answer.json()).toMatchObject({ COLOUR: 'green', API_KEY: 's3cret' });
  const { sessions } = (await (await fetch(`${url}/_emulator/sessions`)).json()) as {
    sessions: SessionSummary[];
  };
  const [session] = sessions;
  expect(Date.parse(session!.maxDeadline) - Date.parse(session!.startedAt)).toBe(120_000);
});

test('a token keeps out whoever does not have it, and any SDK can carry it in its endpoint', async () => {
  const root = await useProject(project);
  const running = useCommand([root, '--port', '0', '--ephemeral', '--token', 'opensesame']);
  const { url } = await running.ready();
  expect(url).toMatch(/\/@opensesame$/);
  const bare = url.replace('/@opensesame', '');
  const path = '/_emulator/health';
  const bearer = { headers: { authorization: 'Bearer opensesame' } };
  expect((await fetch(bare + path)).status).toBe(403);
  expect((await fetch(url + path)).status).toBe(200);
  expect((await fetch(bare + path, bearer)).status).toBe(200);
});

test('a taken port says who has it and how to choose another', async () => {
  const root = await useProject(project);
  const other = useCommand([root, '--port', '0', '--ephemeral']);
  const port = new URL((await other.ready()).url).port;
  const taken = await runCommand([sample, '--ephemeral', '--port', port]);
  expect(taken.code).toBe(1);
  expect(taken.stderr).toContain(
    `port ${port} is taken by another AgentCore emulator (pid ${other.process.pid})`,
  );

  const stranger = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void stranger.close());
  await new Promise((listening) => stranger.once('listening', listening));
  const strangers = String((stranger.address() as AddressInfo).port);
  const blamed = await runCommand([sample, '--ephemeral', '--port', strangers]);
  expect(blamed.code).toBe(1);
  expect(blamed.stderr).toMatch(/is taken by .+\. End that, or choose another with --port N/);
});

test('a data folder may be named from the current folder', async () => {
  const root = await useProject(project, echoAgent);
  const data = join(root, 'state');
  const running = useCommand([root, '--port', '0', '--data', relative(process.cwd(), data)]);
  const { url } = await running.ready();
  const answer = await fetch(`${url}/invocations`, { method: 'POST', body: '{}' });
  expect(await answer.json()).toMatchObject({ turns: 1 });
  expect(existsSync(join(data, 'state.db'))).toBe(true);
});

test('two emulators never share a data folder', async () => {
  const root = await useProject(project);
  const first = useCommand([root, '--port', '0']);
  const { url, pid } = await first.ready();
  const second = await runCommand([root, '--port', '0']);
  expect(second).toMatchObject({ code: 1 });
  expect(second.stderr).toContain(`is in use by another emulator, at ${url} (process ${pid})`);
});

test.each([
  ['is a file', async (folder: string) => writeFile(folder, '')],
  ['lies below a file', async (folder: string) => writeFile(join(folder, '..', 'x'), '')],
  [
    'holds a database that is none',
    async (folder: string) => {
      await mkdir(folder);
      await writeFile(join(folder, 'state.db'), 'not a database at all'.repeat(100));
    },
  ],
])('a data folder that %s cannot be used, and the message names it', async (what, prepare) => {
  const root = await useProject(project);
  const folder = join(root, 'data');
  await prepare(folder);
  const data = what === 'lies below a file' ? join(root, 'x', 'data') : folder;
  const { code, stderr } = await runCommand([root, '--port', '0', '--data', data]);
  expect(code).toBe(1);
  expect(stderr).toContain(data);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test.each<[string, object | string | null, RegExp]>([
  ['does not exist', null, /there is no folder .*nowhere/],
  ['names no agent', { name: 'Demo', runtimes: [] }, /names no agent/],
  ['is no JSON', '{', /agentcore\.json is not valid JSON/],
  [
    'has a wrong value',
    { name: 'Demo', runtimes: [{ ...project.runtimes[0], protocol: 'SOAP' }] },
    /runtimes\.0\.protocol is "SOAP"/,
  ],
  [
    'lacks its name',
    { runtimes: project.runtimes },
    /agentcore\.json: name is missing; it is to be of type string/,
  ],
  [
    'names two agents alike',
    { name: 'Demo', runtimes: [project.runtimes[0], project.runtimes[0]] },
    /two runtimes have the same name/,
  ],
  [
    'wants a header that is none of its own',
    { name: 'Demo', runtimes: [{ ...project.runtimes[0], requestHeaderAllowlist: ['Host'] }] },
    /requestHeaderAllowlist\.0 is "Host": this header belongs to HTTP itself/,
  ],
  [
    'points at no code',
    { name: 'Demo', runtimes: [{ ...project.runtimes[0], codeLocation: 'gone/' }] },
    /codeLocation 'gone\/' of Helper does not exist/,
  ],
  [
    'wants to live longer than sessions do',
    {
      name: 'Demo',
      runtimes: [{ ...project.runtimes[0], lifecycleConfiguration: { maxLifetime: 28_801 } }],
    },
    /maxLifetime is 28801: a whole number of seconds from 60 to 28800/,
  ],
  [
    'wants to idle too shortly',
    {
      name: 'Demo',
      runtimes: [
        { ...project.runtimes[0], lifecycleConfiguration: { idleRuntimeSessionTimeout: 59 } },
      ],
    },
    /idleRuntimeSessionTimeout is 59: a whole number of seconds from 60 to 28800/,
  ],
  [
    'wants to idle longer than it lives',
    {
      name: 'Demo',
      runtimes: [
        {
          ...project.runtimes[0],
          lifecycleConfiguration: { idleRuntimeSessionTimeout: 900, maxLifetime: 60 },
        },
      ],
    },
    /idleRuntimeSessionTimeout must be less than or equal to maxLifetime/,
  ],
])('a project that %s is one clear line and exit code 1', async (_, file, message) => {
  const root = file === null ? '/nowhere/at/all' : await useProject(file);
  const { code, stdout, stderr } = await runCommand([root, '--port', '0', '--ephemeral']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

const bare = { name: 'Agent', codeLocation: 'app/' };

test.each<[string, object, RegExp]>([
  [
    'is to be a container and has no Dockerfile',
    { ...bare, entrypoint: 'main.js', build: 'Container' },
    /the build of Agent is "Container", and there is no Dockerfile in .*app/,
  ],
  ['has neither entrypoint nor Dockerfile', bare, /Agent has no entrypoint and no Dockerfile/],
  [
    'looks for its Dockerfile elsewhere than in its context',
    { ...bare, build: 'Container', dockerfile: '../Dockerfile' },
    /dockerfile is "\.\.\/Dockerfile": a path in the build context/,
  ],
  [
    'wants tokens and does not say whose',
    { ...bare, entrypoint: 'main.js', authorizerType: 'CUSTOM_JWT' },
    /runtimes\.0\.authorizerConfiguration .*it is required when authorizerType is CUSTOM_JWT/,
  ],
  [
    'takes the tokens of anybody',
    {
      ...bare,
      entrypoint: 'main.js',
      authorizerType: 'CUSTOM_JWT',
      authorizerConfiguration: {
        customJwtAuthorizer: { discoveryUrl: 'https://a/.well-known/openid-configuration' },
      },
    },
    /one of allowedAudience, allowedClients, allowedScopes and customClaims is needed/,
  ],
])('an agent that %s is one clear line and exit code 1', async (_, runtime, message) => {
  const root = await useProject({ name: 'Demo', runtimes: [runtime] });
  const { code, stderr } = await runCommand([root, '--port', '0', '--ephemeral']);
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('a way of running that an agent cannot have is refused when it is demanded', async () => {
  const coded = await useProject(project);
  const dockered = await useProject({ name: 'Demo', runtimes: [bare] });
  await writeFile(join(dockered, 'app', 'Dockerfile'), 'FROM scratch\n');
  const demand = (root: string, compute: string) =>
    runCommand([root, '--port', '0', '--ephemeral', '--compute', compute]);
  const [inContainer, asProcess] = await Promise.all([
    demand(coded, 'container'),
    demand(dockered, 'process'),
  ]);
  expect(inContainer).toMatchObject({ code: 1 });
  expect(inContainer.stderr).toMatch(/Helper has no Dockerfile and cannot run in a container/);
  expect(asProcess).toMatchObject({ code: 1 });
  expect(asProcess.stderr).toMatch(/Agent has only a Dockerfile and cannot run as a process/);
});

test('an entrypoint that is not there yet is said at start', async () => {
  const root = await useProject({
    name: 'Demo',
    runtimes: [{ ...bare, entrypoint: 'nope.js' }],
  });
  const running = useCommand([root, '--port', '0', '--ephemeral']);
  await running.ready();
  await eventually(() =>
    expect(running.stderr()).toMatch(/Agent: the entrypoint nope\.js does not exist in .*app yet/),
  );
});

test('without a project it serves what is deployed to it', async () => {
  const dataFolder = await useFolder();
  const running = useCommand(['--no-project', '--data', dataFolder, '--port', '0']);
  const control = useControlPlane(await running.ready());
  const { agentRuntimes } = await control.send(new ListAgentRuntimesCommand());
  expect(agentRuntimes).toEqual([]);
});

test('a folder without a project is one clear line and exit code 1', async () => {
  const { code, stderr } = await runCommand([await useFolder()]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/no agentcore\/agentcore\.json in it/);
});

test.each([
  [['--port', 'http'], /--port takes a whole number from 0 to 65535, not 'http'/],
  [['--idle-timeout', '0'], /--idle-timeout takes a whole number from 1/],
  [['--no-project', 'folder'], /--no-project and the project folder exclude each other/],
  [['--on-disconnect', 'shrug'], /--on-disconnect takes continue or abort, not 'shrug'/],
  [['--compute', 'cloud'], /--compute takes auto or process or container, not 'cloud'/],
  [
    ['--container-cpus', 'all'],
    /--container-cpus takes a number from 0\.01, such as 1\.5, not 'all'/,
  ],
  [['--container-cpus', '0'], /--container-cpus takes a number from 0\.01/],
  [['--container-memory', '8'], /--container-memory takes a size from 6m, such as .* not '8'/],
  [['--container-memory', '8gigs'], /--container-memory takes a size from 6m.* not '8gigs'/],
  [['--platform', 'arm64'], /--platform takes linux\/arm64 or linux\/amd64, not 'arm64'/],
  [
    ['--limits', 'none'],
    /--limits takes aws, off or NAME=N with the names request, .*; not 'none'/,
  ],
  [['--limits', 'rate=many'], /--limits: 'rate=many' is to end with a whole number, or with off/],
  [['--auth', 'basic'], /--auth takes none or sigv4, not 'basic'/],
  [
    ['--auth', 'sigv4', '--credentials', '/no/where'],
    /--credentials: there is no file \/no\/where/,
  ],
  [['--credentials', 'x'], /--credentials is of use with --auth sigv4 only/],
  [['--verbose'], /Unknown option '--verbose'/],
  [['--ephemeral', '--data', 'x'], /exclude each other/],
  [['a', 'b'], /one project folder at a time/],
])('the bad option %j is one clear line and exit code 2', async (args, message) => {
  const { code, stderr } = await runCommand(args);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test.each([
  [['--host', '0.0.0.0'], /protect it with --token/],
  [
    ['--idle-timeout', '60', '--max-lifetime', '30'],
    /idle-timeout: 60 s is more than the 30 s of max-lifetime/,
  ],
  [['--agent', 'Nobody'], /there is no agent 'Nobody'; the project has Assistant/],
])('%j is refused with the mend', async (args, message) => {
  const { code, stderr } = await runCommand([sample, '--port', '0', '--ephemeral', ...args]);
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
});

test('what a project asks for and does not get is said at the start', async () => {
  const [runtime] = project.runtimes;
  const asked = {
    requestHeaderAllowlist: ['Authorization'],
    endpoints: { prod: { version: 3 } },
    envvars: [],
  };
  const root = await useProject({ ...project, runtimes: [{ ...runtime, ...asked }] });
  const running = useCommand([root, '--port', '0', '--ephemeral']);
  await running.ready();
  await eventually(() => {
    expect(running.stderr()).toMatch(/Helper is arn:aws:bedrock-agentcore:/);
    expect(running.stderr()).toMatch(
      /Helper: Authorization in requestHeaderAllowlist has no effect without/,
    );
    expect(running.stderr()).toMatch(
      /Helper: its endpoint prod pins version 3, and here there is 1/,
    );
    expect(running.stderr()).toMatch(/Helper: unknown field envvars; did you mean envVars\?/);
  });
});

test('a port that an agent believes its own is refused', async () => {
  const { code, stderr } = await runCommand([sample, '--ephemeral', '--port', '8080']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/port: 8080 is the one that Assistant listens on/);
});

test('a word that is no subcommand is a folder, whatever it is called', async () => {
  const { code, stderr } = await runCommand(['constructor']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/there is no folder .*constructor/);
});

test('of an option that is given twice the last counts', async () => {
  const root = await useProject(project);
  const running = useCommand([root, '--port', 'x', '--port', '0', '--ephemeral']);
  expect((await running.ready()).type).toBe('ready');
});

test('--help and --version answer and end', async () => {
  const help = await runCommand(['--help']);
  expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('--idle-timeout') });
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  expect(await runCommand(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
});
