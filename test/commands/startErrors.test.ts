import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { useFolder } from '../support/agents.ts';
import { runCommand, sample, useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';

test('a port in use is reported with its process and a fix', async () => {
  const root = await useProject(project);
  const other = useCommand([root, '--port', '0', '--ephemeral']);
  const port = new URL((await other.ready()).url).port;
  const taken = await runCommand([sample, '--ephemeral', '--port', port]);
  expect(taken.code).toBe(1);
  expect(taken.stderr).toContain(
    `Port ${port} is in use by another AgentCore emulator (pid ${other.process.pid})`,
  );

  const closed = useCommand([root, '--port', '0', '--ephemeral', '--token', 'auto']);
  const closedPort = new URL((await closed.ready()).url).port;
  const refused = await runCommand([sample, '--ephemeral', '--port', closedPort]);
  expect(refused.stderr).toContain(
    `Port ${closedPort} is in use by another AgentCore emulator, which requires a token`,
  );

  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((listening) => server.once('listening', listening));
  const usedPort = String((server.address() as AddressInfo).port);
  const result = await runCommand([sample, '--ephemeral', '--port', usedPort]);
  expect(result.code).toBe(1);
  expect(result.stderr).toMatch(/is in use by .+\. Stop it, or choose another port with --port N/);
});

test('two emulators cannot share a data folder', async () => {
  const root = await useProject(project);
  const first = useCommand([root, '--port', '0']);
  const { url, pid } = await first.ready();
  const second = await runCommand([root, '--port', '0']);
  expect(second).toMatchObject({ code: 1 });
  expect(second.stderr).toContain(`is in use by another emulator, at ${url} (process ${pid})`);
});

test.each([
  ['is a file', async (folder: string) => writeFile(folder, '')],
  ['is below a file', async (folder: string) => writeFile(join(folder, '..', 'x'), '')],
  [
    'holds an invalid database',
    async (folder: string) => {
      await mkdir(folder);
      await writeFile(join(folder, 'state.db'), 'not a database at all'.repeat(100));
    },
  ],
])('a data folder that %s is refused by name', async (problem, prepare) => {
  const root = await useProject(project);
  const folder = join(root, 'data');
  await prepare(folder);
  const data = problem === 'is below a file' ? join(root, 'x', 'data') : folder;
  const { code, stderr } = await runCommand([root, '--port', '0', '--data', data]);
  expect(code).toBe(1);
  expect(stderr).toContain(data);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test.each<[string, object | string | null, RegExp]>([
  ['does not exist', null, /The folder .*nowhere.* does not exist/],
  ['names no agent', { name: 'Demo', runtimes: [] }, /runtimes: The project has no agents/],
  ['is not JSON', '{', /agentcore\.json:1:2: Not valid JSON/],
  [
    'has a wrong value',
    { name: 'Demo', runtimes: [{ ...project.runtimes[0], protocol: 'SOAP' }] },
    /runtimes\[0\]\.protocol: "SOAP" is not valid/,
  ],
  [
    'lacks its name',
    { runtimes: project.runtimes },
    /agentcore\.json:1:1: name: The value is missing/,
  ],
  [
    'gives two agents the same name',
    { name: 'Demo', runtimes: [project.runtimes[0], project.runtimes[0]] },
    /runtimes\[1\]\.name: "Helper" is also the name of runtimes\[0\]/,
  ],
  [
    'allows a header of HTTP itself',
    { name: 'Demo', runtimes: [{ ...project.runtimes[0], requestHeaderAllowlist: ['Host'] }] },
    /requestHeaderAllowlist\[0\]: "Host" is not allowed: this header is reserved for HTTP/,
  ],
  [
    'has no code',
    { name: 'Demo', runtimes: [{ ...project.runtimes[0], codeLocation: 'gone/' }] },
    /codeLocation: "gone\/" does not exist/,
  ],
  [
    'exceeds the maximum lifetime',
    {
      name: 'Demo',
      runtimes: [{ ...project.runtimes[0], lifecycleConfiguration: { maxLifetime: 28_801 } }],
    },
    /maxLifetime: 28801 is not valid. Use a whole number of seconds from 60 to 28800/,
  ],
  [
    'has too short an idle timeout',
    {
      name: 'Demo',
      runtimes: [
        { ...project.runtimes[0], lifecycleConfiguration: { idleRuntimeSessionTimeout: 59 } },
      ],
    },
    /idleRuntimeSessionTimeout: 59 is not valid. Use a whole number of seconds from 60 to 28800/,
  ],
  [
    'has an idle timeout above its lifetime',
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
])('a project that %s is a one-line error with exit code 1', async (_, file, message) => {
  const root = file === null ? '/nowhere/at/all' : await useProject(file);
  const { code, stdout, stderr } = await runCommand([root, '--port', '0', '--ephemeral']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

const bare = { name: 'Agent', codeLocation: 'app/' };

test.each<[string, object, RegExp]>([
  [
    'has the build Container but no Dockerfile',
    { ...bare, entrypoint: 'main.js', build: 'Container' },
    /build: "Container" requires a Dockerfile. Create .*app.Dockerfile/,
  ],
  [
    'has neither entrypoint nor Dockerfile',
    bare,
    /entrypoint: The value is missing, and there is no Dockerfile/,
  ],
  [
    'has a Dockerfile outside its build context',
    { ...bare, build: 'Container', dockerfile: '../Dockerfile' },
    /dockerfile: "\.\.\/Dockerfile" is not valid. Use a path in the build context/,
  ],
  [
    'requires tokens without an authorizer',
    { ...bare, entrypoint: 'main.js', authorizerType: 'CUSTOM_JWT' },
    /runtimes\[0\]\.authorizerConfiguration: The value is missing. Add .* CUSTOM_JWT requires/,
  ],
  [
    'accepts every token',
    {
      ...bare,
      entrypoint: 'main.js',
      authorizerType: 'CUSTOM_JWT',
      authorizerConfiguration: {
        customJwtAuthorizer: { discoveryUrl: 'https://a/.well-known/openid-configuration' },
      },
    },
    /accepts every token. Add allowedAudience, allowedClients, allowedScopes or customClaims/,
  ],
])('an agent that %s is a one-line error with exit code 1', async (_, runtime, message) => {
  const root = await useProject({ name: 'Demo', runtimes: [runtime] });
  const { code, stderr } = await runCommand([root, '--port', '0', '--ephemeral']);
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('a compute kind that an agent does not support is refused', async () => {
  const coded = await useProject(project);
  const withDockerfile = await useProject({ name: 'Demo', runtimes: [bare] });
  await writeFile(join(withDockerfile, 'app', 'Dockerfile'), 'FROM scratch\n');
  const start = (root: string, compute: string) =>
    runCommand([root, '--port', '0', '--ephemeral', '--compute', compute]);
  const [inContainer, asProcess] = await Promise.all([
    start(coded, 'container'),
    start(withDockerfile, 'process'),
  ]);
  expect(inContainer).toMatchObject({ code: 1 });
  expect(inContainer.stderr).toMatch(/Helper has no Dockerfile and cannot run in a container/);
  expect(asProcess).toMatchObject({ code: 1 });
  expect(asProcess.stderr).toMatch(/Agent has only a Dockerfile and cannot run as a process/);
});

test('options may precede the command and its arguments', async () => {
  const root = await useProject(project);
  const { url } = await useCommand(['--port', '0', '--ephemeral', 'start', root]).ready();
  const invoked = useCommand(['--endpoint', url, 'invoke', '--raw', 'Helper', 'x']);
  expect(await invoked.exited).toBe(0);
});

test.each([
  ['agentcore.json', 'it is a folder. Replace it with a file.'],
  ['.env.local', 'it is a folder. Replace it with a file.'],
])('a folder in the place of %s is a one-line error with a fix', async (name, problem) => {
  const root = await useProject(project);
  const file = join(root, 'agentcore', name);
  await rm(file, { force: true });
  await mkdir(file);
  const { code, stderr } = await runCommand([root, '--port', '0', '--ephemeral']);
  expect(code).toBe(1);
  expect(stderr).toBe(`agentcore-emulator: Cannot read ${file}: ${problem}\n`);
});

test('a project of harnesses only says that the emulator does not run them', async () => {
  const harnesses = [
    { name: 'Desk', path: 'app/Desk' },
    { name: 'Guide', path: 'app/Guide' },
  ];
  const root = await useProject({ name: 'Demo', version: 2, runtimes: [], harnesses });
  const { code, stderr } = await runCommand([root, '--port', '0', '--ephemeral']);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /runtimes: The project has no agents, only harnesses \(Desk, Guide\), which run in AWS and not in the emulator\. Add a runtime\./,
  );
});

test('a folder without a project is a one-line error with exit code 1', async () => {
  const { code, stderr } = await runCommand([await useFolder()]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/has no agentcore\/agentcore\.json\. Use a folder that has one/);
});

test.each([
  [['--port', 'http'], /--port expects a whole number from 0 to 65535, not 'http'/],
  [['--idle-timeout', '0'], /--idle-timeout expects a whole number from 1/],
  [
    ['--no-project', './folder'],
    /--no-project and the project folder '.\/folder' cannot be combined/,
  ],
  [['--on-disconnect', 'shrug'], /--on-disconnect expects continue or abort, not 'shrug'/],
  [['--compute', 'cloud'], /--compute expects auto or process or container, not 'cloud'/],
  [
    ['--container-cpus', 'all'],
    /--container-cpus expects a number from 0\.01, such as 1\.5, not 'all'/,
  ],
  [['--container-cpus', '0'], /--container-cpus expects a number from 0\.01/],
  [['--container-memory', '8'], /--container-memory expects a size from 6m, such as .* not '8'/],
  [['--container-memory', '8gigs'], /--container-memory expects a size from 6m.* not '8gigs'/],
  [['--platform', 'arm64'], /--platform expects linux\/arm64 or linux\/amd64, not 'arm64'/],
  [
    ['--limits', 'none'],
    /--limits expects aws, off or a list of NAME=.* with the names request, .*, not 'none'/,
  ],
  [['--limits', 'off,rate=many'], /--limits expects .* not 'off,rate=many'/],
  [['--token', ''], /--token expects one or more of the characters A-Z a-z 0-9 _ \. ~ -, not ''\./],
  [['--token='], /--token expects one or more of the characters/],
  [['--host', '0.0.0.0', '--token', ''], /--token expects one or more of the characters/],
  [
    ['--token', 'secret/x'],
    /^(?!.*secret).*--token expects one or more of the characters [^,]*\.$/m,
  ],
  [['--auth', 'basic'], /--auth expects none or sigv4, not 'basic'/],
  [['--auth', 'sigv4', '--credentials', '/no/where'], /--credentials: \/no\/where does not exist/],
  [['--credentials', 'x'], /--credentials requires --auth sigv4/],
  [['--verbose'], /Unknown option '--verbose'\. See --help\.$/m],
  [['--prot', '0'], /Unknown option '--prot'\. Did you mean '--port'\?$/m],
  [['--idel-timeout=5'], /Unknown option '--idel-timeout'\. Did you mean '--idle-timeout'\?$/m],
  [['--port'], /--port requires a value: --port N\./],
  [['--port', '--ephemeral'], /--port requires a value: --port N\./],
  [['--ephemeral=yes'], /--ephemeral takes no value\./],
  [['sart'], /Unknown command 'sart'\. Did you mean 'start'\?$/m],
  [['imvoke', 'Helper', 'x'], /Unknown command 'imvoke'\. Did you mean 'invoke'\?$/m],
  [['--port', '0', 'statr'], /Unknown command 'statr'\. Did you mean 'start'\?$/m],
  [['--ephemeral', '--port=0', 'imvoke', 'A', 'x'], /Did you mean 'invoke'\?$/m],
  [['--prot', '0', 'statr'], /Unknown option '--prot'\. Did you mean '--port'\?$/m],
  [['--port', '0', 'invoke', 'Helper', 'x'], /Unknown option '--port'\. See --help\.$/m],
  [['--port', 'http', 'start'], /--port expects a whole number from 0 to 65535, not 'http'/],
  [['constructor'], /Unknown command 'constructor'\. See --help\.$/m],
  [['--ephemeral', '--data', 'x'], /--data and --ephemeral cannot be combined\./],
  [['./a', 'b'], /Unexpected argument 'b'\./],
])('an invalid command line is a one-line error with exit code 2: %j', async (args, message) => {
  const { code, stderr } = await runCommand(args);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test.each([
  [['--host', '0.0.0.0'], /--host: 0\.0\.0\.0 can be reached .* Protect it with --token/],
  [
    ['--idle-timeout', '60', '--max-lifetime', '30'],
    /--idle-timeout: 60 s exceeds the maximum lifetime \(30 s\)/,
  ],
  [
    ['--agent', 'Nobody'],
    /--agent: the agent 'Nobody' does not exist\. Agents of the project: Assistant/,
  ],
])('%j is refused with a fix', async (args, message) => {
  const { code, stderr } = await runCommand([sample, '--port', '0', '--ephemeral', ...args]);
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
});

test('the port that agents listen on is refused', async () => {
  const { code, stderr } = await runCommand([sample, '--ephemeral', '--port', '8080']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/--port: AgentCore's contract reserves port 8080 for the agent Assistant/);
});

test('a folder without a project in its parents is a one-line error with exit code 1', async () => {
  const folder = await useFolder();
  const running = useCommand([], {}, { cwd: folder });
  expect(await running.exited).toBe(1);
  expect(running.stderr()).toMatch(
    /No agentcore\/agentcore\.json in .* or its parent folders\. .*--no-project\.\n$/,
  );
});

test('a path that does not exist is a missing folder, not an unknown command', async () => {
  const { code, stderr } = await runCommand(['./start']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/The folder .*start does not exist/);
});
