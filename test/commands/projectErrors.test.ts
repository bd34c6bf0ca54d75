import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useFolder } from '../support/agents.ts';
import { runCommand, useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';

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
