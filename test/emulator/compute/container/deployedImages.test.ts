import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import {
  CreateAgentRuntimeCommand,
  CreateAgentRuntimeEndpointCommand,
  UpdateAgentRuntimeCommand,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, onTestFinished, test, vi } from 'vitest';
import { serverAgent, useFolder } from '../../../support/agents.ts';
import { nodeDockerfile } from '../../../support/containers.ts';
import { waitUntilSettled, useControlPlane } from '../../../support/controlPlane.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';
import { useEngine } from '../../../support/engine.ts';
import { eventually } from '../../../support/eventually.ts';
import { usePart } from '../../../support/parts.ts';
import { isAlive } from '../../../support/processes.ts';
import { findFreePort, useServer } from '../../../support/program.ts';

/** A CreateAgentRuntime request for an image. */
const imageOf = (containerUri: string) => ({
  roleArn: 'arn:aws:iam::000000000000:role/agent',
  agentRuntimeArtifact: { containerConfiguration: { containerUri } },
});

/** Builds an image from a Dockerfile and its main.mjs with the docker command, as a developer does. */
async function build(tag: string, dockerfile: string, main = ''): Promise<void> {
  const { docker } = useEngine();
  const folder = await useFolder();
  await writeFile(join(folder, 'Dockerfile'), dockerfile);
  await writeFile(join(folder, 'main.mjs'), main);
  const id = await docker('build', '--quiet', '--tag', tag, folder);
  onTestFinished(async () => void (await docker('image', 'rm', '--force', id)));
}

const named = (name: string) =>
  serverAgent(
    `if (url === '/invocations') return json(response, { name: '${name}', setting: process.env.SETTING });`,
  );

test('A local image can be deployed, and a version keeps the image of its tag.', async () => {
  const tag = `deployed-${randomBytes(6).toString('hex')}:dev`;
  await build(tag, nodeDockerfile, named('one'));
  const dataFolder = await useFolder();
  const emulator = await useEmulator({ agents: [], dataFolder });
  const control = useControlPlane(emulator);
  const created = await control.send(
    new CreateAgentRuntimeCommand({
      agentRuntimeName: 'Image',
      ...imageOf(tag),
      environmentVariables: { SETTING: 'on' },
    }),
  );
  const { agentRuntimeId, agentRuntimeArn } = created;
  const { status, failureReason } = await waitUntilSettled(control, agentRuntimeId);
  expect({ status, failureReason }).toEqual({ status: 'READY', failureReason: undefined });
  const invoke = (id: string, qualifier = 'DEFAULT') =>
    emulator.invoke({ agentRuntimeArn, runtimeSessionId: sessionId(id), qualifier });
  expect(await invoke('a')).toEqual({ name: 'one', setting: 'on' });

  await build(tag, nodeDockerfile, named('two'));
  expect(await invoke('b')).toMatchObject({ name: 'one' });
  await control.send(new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name: 'prod' }));
  await control.send(new UpdateAgentRuntimeCommand({ agentRuntimeId, ...imageOf(tag) }));
  await waitUntilSettled(control, agentRuntimeId);
  expect(await invoke('c')).toEqual({ name: 'two' });
  expect(await invoke('c', 'prod')).toMatchObject({ name: 'one' });
  await emulator.close();

  const again = await useEmulator({ agents: [], dataFolder });
  expect(await again.invoke({ agentRuntimeArn })).toEqual({ name: 'two' });
});

// The password is "secret".
const USERS = 'me:$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n';

/** A registry that requires a login, with an image that the engine does not have. */
async function useRegistry(): Promise<{ readonly host: string; readonly image: string }> {
  const { docker } = useEngine();
  const folder = await useFolder();
  const port = await findFreePort();
  const host = `localhost:${port}`;
  const users = join(folder, 'users');
  await writeFile(users, USERS);
  const config = join(folder, 'config.yml');
  const storage = { filesystem: { rootdirectory: join(folder, 'images') } };
  const settings = {
    version: 0.1,
    storage,
    http: { addr: `127.0.0.1:${port}` },
    auth: { htpasswd: { realm: 'test', path: users } },
  };
  await writeFile(config, JSON.stringify(settings));
  await useServer(usePart('registry'), ['serve', config], `http://127.0.0.1:${port}/`);

  const image = `${host}/team/agent:1`;
  await build(image, 'FROM scratch\nLABEL deployed=yes\nCOPY Dockerfile /\nCMD ["/none"]\n');
  const logins = join(folder, 'pusher');
  await mkdir(logins);
  await docker('--config', logins, 'login', '--username', 'me', '--password', 'secret', host);
  await docker('--config', logins, 'push', image);
  await docker('image', 'rm', image);
  return { host, image };
}

/** Makes this the docker command's configuration folder for the emulators of this test. */
async function useDockerConfig(config: object): Promise<string> {
  const folder = await useFolder();
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  vi.stubEnv('DOCKER_CONFIG', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  return folder;
}

async function deploy(image: string) {
  const control = useControlPlane(await useEmulator({ agents: [] }));
  const { agentRuntimeId } = await control.send(
    new CreateAgentRuntimeCommand({ agentRuntimeName: 'Image', ...imageOf(image) }),
  );
  const { status, failureReason } = await waitUntilSettled(control, agentRuntimeId);
  return { status, failureReason };
}

test("An image is pulled with the developer's login; without one the error explains how to log in.", async () => {
  const { host, image } = await useRegistry();
  await useDockerConfig({});
  const refused = await deploy(image);
  expect(refused.status).toBe('CREATE_FAILED');
  expect(refused.failureReason).toMatch(
    new RegExp(
      `${image} cannot be pulled: .*docker has no login for it\\. Run: docker login ${host}`,
      's',
    ),
  );

  const auth = Buffer.from('me:secret').toString('base64');
  await useDockerConfig({ auths: { [host]: { auth } } });
  expect(await deploy(image)).toEqual({ status: 'READY' });
});

test('A login is read from a credential helper.', async () => {
  const { host, image } = await useRegistry();
  const folder = await useDockerConfig({ credHelpers: { [host]: 'test' } });
  const helper = join(folder, 'docker-credential-test');
  await writeFile(
    helper,
    `#!/bin/sh\nread registry\n[ "$1 $registry" = "get ${host}" ] && echo '{"Username":"me","Secret":"secret"}'\n`,
  );
  await chmod(helper, 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH']}`);
  expect(await deploy(image)).toEqual({ status: 'READY' });
});

test('A closing emulator does not wait for a credential helper.', async () => {
  const folder = await useDockerConfig({ credsStore: 'test' });
  const [helper, pidFile] = ['docker-credential-test', 'pid'].map((name) => join(folder, name));
  await writeFile(helper!, `#!/bin/sh\necho $$ > ${pidFile}\nexec sleep 1000\n`);
  await chmod(helper!, 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH']}`);
  useEngine();
  const emulator = await useEmulator({ agents: [] });
  const request = { agentRuntimeName: 'Image', ...imageOf('none:1') };
  const creating = useControlPlane(emulator).send(new CreateAgentRuntimeCommand(request));
  creating.catch(() => {});
  const pid = await eventually(async () => {
    const text = await readFile(pidFile!, 'utf8');
    if (!text.endsWith('\n')) throw new Error('the file is still being written');
    return Number(text);
  });
  await emulator.close();
  await eventually(() => expect(isAlive(pid)).toBe(false));
});

test('An image that its registry does not have is refused at once, in the words of AWS.', async () => {
  const { host, image } = await useRegistry();
  const auth = Buffer.from('me:secret').toString('base64');
  await useDockerConfig({ auths: { [host]: { auth } } });
  const control = useControlPlane(await useEmulator({ agents: [] }));
  const request = (reference: string) => ({ agentRuntimeName: 'Image', ...imageOf(reference) });
  const refusal = {
    name: 'ValidationException',
    message: expect.stringMatching(
      /^Invalid request provided: The specified image identifier does not exist in the repository\. Verify the image tag format and repository name\. .*agent:2/,
    ) as string,
  };
  const missing = image.replace(/:1$/, ':2');
  await expect(control.send(new CreateAgentRuntimeCommand(request(missing)))).rejects.toMatchObject(
    refusal,
  );
  const { agentRuntimeId } = await control.send(new CreateAgentRuntimeCommand(request(image)));
  expect(await waitUntilSettled(control, agentRuntimeId)).toMatchObject({ status: 'READY' });
  await expect(
    control.send(new UpdateAgentRuntimeCommand({ agentRuntimeId, ...imageOf(missing) })),
  ).rejects.toMatchObject(refusal);
  expect(await waitUntilSettled(control, agentRuntimeId)).toMatchObject({
    status: 'READY',
    agentRuntimeVersion: '1',
  });
});

test('An unreachable registry is reported.', async () => {
  useEngine();
  const port = await findFreePort();
  expect(await deploy(`localhost:${port}/none:1`)).toMatchObject({
    status: 'CREATE_FAILED',
    failureReason: expect.stringMatching(/none:1 cannot be pulled: .*refused/s) as string,
  });
});
