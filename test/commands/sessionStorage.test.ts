import { cp, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { SessionSummary } from '../../src/shared/session.ts';
import { serverAgent, useFolder } from '../support/agents.ts';
import { runCommand, useCommand } from '../support/command.ts';
import { connectEngine, useContainerProject, useVolumes } from '../support/containers.ts';
import { eventually } from '../support/eventually.ts';
import { isAlive } from '../support/processes.ts';
import { project, useProject } from '../support/project.ts';
import { storageAgent } from '../support/storageAgent.ts';

vi.setConfig({ testTimeout: 120_000 });

const at = (...paths: string[]) => paths.map((mountPath) => ({ sessionStorage: { mountPath } }));

const withFilesystems = (filesystemConfigurations: unknown, further: object = {}) => ({
  ...project,
  runtimes: [{ ...project.runtimes[0], filesystemConfigurations, ...further }],
});

const note = { write: { '/mnt/data/note': 'remember me' } };

async function ask(url: string, payload: object = {}): Promise<unknown> {
  const answer = await fetch(`${url}/invocations`, {
    method: 'POST',
    headers: {
      'x-amzn-bedrock-agentcore-runtime-session-id': 'the-session-of-this-test'.repeat(2),
    },
    body: JSON.stringify(payload),
  });
  return answer.json();
}

const accessPointArn =
  'arn:aws:elasticfilesystem:us-east-1:000000000000:access-point/fsap-00000000';

const capacityProviderArn =
  'arn:aws:bedrock-agentcore:us-east-1:000000000000:capacity-provider/Models-0123456789';

test('session storage of a process survives a killed emulator', async () => {
  const root = await useProject(withFilesystems(at('/mnt/data/')), storageAgent);
  const first = useCommand([root, '--port', '0']);
  await ask((await first.ready()).url, note);
  first.process.kill('SIGKILL');
  await first.exited;
  const second = useCommand([root, '--port', '0']);
  expect(await ask((await second.ready()).url)).toEqual({ '/mnt/data': { note: 'remember me' } });
});

test('session storage of a container survives a killed emulator and the cleanup of the next start', async () => {
  const agent = await useContainerProject(
    storageAgent,
    {},
    {
      filesystemConfigurations: at('/mnt/data'),
    },
  );
  const data = await useFolder();
  useVolumes(`data=${await realpath(data)}`);
  const options = [agent.source.root, '--port', '0', '--data', data];
  const first = useCommand(options);
  await ask((await first.ready()).url, note);
  const [container] = await agent.containers();
  const [network] = Object.values(container!.NetworkSettings.Networks);
  first.process.kill('SIGKILL');
  await first.exited;
  const second = useCommand(options);
  const { url } = await second.ready();
  await eventually(() =>
    expect(connectEngine().getNetwork(network!.NetworkID).inspect()).rejects.toThrow(/404/),
  );
  expect(await ask(url)).toEqual({ '/mnt/data': { note: 'remember me' } });
  second.process.kill('SIGTERM');
  await second.exited;
});

test('an ephemeral emulator leaves no session storage on disk', async () => {
  const root = await useProject(withFilesystems(at('/mnt/data')), storageAgent);
  const TMPDIR = await useFolder();
  const running = useCommand([root, '--port', '0', '--ephemeral'], { TMPDIR });
  await ask((await running.ready()).url, note);
  running.process.kill('SIGTERM');
  expect(await running.exited).toBe(0);
  // Node's compile cache of the emulator is beside it.
  const left = (await readdir(TMPDIR)).filter((name) => name.startsWith('agentcore-'));
  expect(left).toEqual([]);
});

test('the next start removes the volumes of a killed ephemeral emulator', async () => {
  const { source } = await useContainerProject(
    storageAgent,
    {},
    {
      filesystemConfigurations: at('/mnt/data'),
    },
  );
  const options = [source.root, '--port', '0', '--ephemeral'];
  const first = useCommand(options);
  const volumes = useVolumes(`pid=${first.process.pid}`);
  await ask((await first.ready()).url, note);
  expect(await volumes()).toHaveLength(1);
  first.process.kill('SIGKILL');
  await first.exited;
  const second = useCommand(options);
  await second.ready();
  await eventually(async () => expect(await volumes()).toEqual([]));
});

test('session storage works without root through a user namespace, and the agent keeps its user', async () => {
  const root = await useProject(
    withFilesystems(at('/mnt/data')),
    serverAgent(
      `if (url === '/invocations') {
         appendFileSync('/mnt/data/note', 'x');
         const note = readFileSync('/mnt/data/note', 'utf8');
         return json(response, { note, pid: process.pid, ids: [process.getuid(), process.getgid()] });
       }`,
      `import { appendFileSync, readFileSync } from 'node:fs';`,
    ),
  );
  // A user who can only read the files of this run.
  const asUser = ['unshare', '--user', '--map-user=1234', '--map-group=1234'];
  const running = useCommand([root, '--port', '0'], {}, { by: asUser });
  const { url } = await running.ready();
  const answer = { note: 'x', pid: expect.any(Number), ids: [1234, 1234] };
  const first = (await ask(url)) as { pid: number };
  expect(first).toEqual(answer);
  const { sessions } = (await (await fetch(`${url}/_emulator/sessions`)).json()) as {
    sessions: SessionSummary[];
  };
  expect(sessions).toMatchObject([{ compute: { kind: 'process', pid: first.pid } }]);
  running.process.kill('SIGTERM');
  expect(await running.exited).toBe(0);
  expect(isAlive(first.pid)).toBe(false);
  const again = useCommand([root, '--port', '0'], {}, { by: asUser });
  expect(await ask((await again.ready()).url)).toEqual({ ...answer, note: 'xx' });
});

test('a project under /mnt, as in WSL, still finds its files there', async () => {
  const disks = await useFolder();
  await cp(await useProject(withFilesystems(at('/mnt/data')), storageAgent), join(disks, 'c'), {
    recursive: true,
  });
  const asInWsl = 'mount --bind "$0" /mnt && exec "$@"';
  const through = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', asInWsl, disks];
  const running = useCommand(['/mnt/c', '--port', '0'], {}, { by: through });
  const { url } = await running.ready();
  expect(await ask(url, note)).toEqual({ '/mnt/data': { note: 'remember me' } });
  expect(await readdir(disks)).toEqual(['c']);
});

test('filesystems that are not emulated are reported at the start', async () => {
  const root = await useProject(
    withFilesystems(
      [
        ...at('/mnt/data'),
        { efsAccessPoint: { accessPointArn, mountPath: '/mnt/tools' } },
        { capacityProviderVolume: { volumeName: 'models', mountPath: '/mnt/models' } },
      ],
      { capacityProviderConfiguration: { capacityProviderArn } },
    ),
  );
  const running = useCommand([root, '--port', '0', '--ephemeral']);
  await running.ready();
  await eventually(() => {
    expect(running.stderr()).toMatch(/Helper: efsAccessPoint at \/mnt\/tools is not emulated/);
    expect(running.stderr()).toMatch(/capacityProviderVolume at \/mnt\/models is not emulated/);
  });
  expect(running.stderr()).not.toMatch(/sessionStorage/);
});

const inFirst = 'runtimes[0].filesystemConfigurations[0]';

test.each<[string, unknown, string]>([
  [
    'is not under /mnt',
    at('/data'),
    `${inFirst}.sessionStorage.mountPath: "/data" is not valid. Use a folder directly under /mnt, such as /mnt/data`,
  ],
  [
    'is deeper',
    at('/mnt/data/deep'),
    `mountPath: "/mnt/data/deep" is not valid. Use a folder directly under /mnt`,
  ],
  [
    'is /mnt itself',
    at('/mnt/..'),
    `mountPath: "/mnt/.." is not valid. Use a folder directly under /mnt`,
  ],
  ['is too long', at(`/mnt/${'x'.repeat(200)}`), 'a path of at most 200 characters'],
  [
    'is missing',
    [{ sessionStorage: {} }],
    `${inFirst}.sessionStorage.mountPath: The value is missing`,
  ],
  [
    'is of an unknown kind',
    [{ floppy: {} }],
    `${inFirst}: {"floppy":{}} is not a filesystem. Use exactly one of sessionStorage,`,
  ],
  ['is a second session storage', at('/mnt/a', '/mnt/b'), 'has more than one sessionStorage'],
  ['is a sixth filesystem', at(...'abcdef'.split('').map((it) => `/mnt/${it}`)), 'at most 5'],
  [
    'is used twice',
    [...at('/mnt/a'), { efsAccessPoint: { accessPointArn, mountPath: '/mnt/a/' } }],
    'has two filesystems with the same mountPath',
  ],
])('a mountPath that %s is a one-line error with exit code 1', async (_, filesystems, message) => {
  const root = await useProject(withFilesystems(filesystems));
  const { code, stderr } = await runCommand([root, '--port', '0', '--ephemeral']);
  expect(code).toBe(1);
  expect(stderr).toContain(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
