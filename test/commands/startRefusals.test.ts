import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { useFolder } from '../support/agents.ts';
import { runCommand, sample, useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';

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
