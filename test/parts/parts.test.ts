import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { useFolder } from '../support/agents.ts';
import { useBrowser } from '../support/browser.ts';
import { useEngine } from '../support/engine.ts';
import { usePart } from '../support/parts.ts';
import { findPythonPackages } from '../support/python.ts';
import { findFreePort, useServer } from '../support/program.ts';

const run = promisify(execFile);
const open = useBrowser();

/** Serves the text on a free port of the address. */
async function useText(text: string, address: string): Promise<number> {
  const server = createServer((_, response) => response.end(text)).listen(0, address);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test('a base image runs its language', async () => {
  const { docker } = useEngine();
  const python = ['python:3.11-slim', 'python', '-c', 'print(6 * 7)'];
  expect(await docker('run', '--rm', ...python)).toBe('42');
  expect(await docker('run', '--rm', 'node:24-slim', 'node', '-p', '6 * 7')).toBe('42');
});

test.for([
  {
    base: 'python:3.11-slim',
    install: 'pip install six==1.17.0',
    use: ['python', '-c', 'import six; print(six.__version__)'],
    version: '1.17.0',
  },
  {
    base: 'node:24-slim',
    install: 'npm install ms@2.1.3',
    use: ['node', '-p', 'require("ms/package.json").version'],
    version: '2.1.3',
  },
])('a build on $base installs packages', async ({ base, install, use, version }) => {
  const { docker } = useEngine();
  const context = await useFolder();
  const lines = [`FROM ${base}`, 'WORKDIR /app', `RUN ${install}`];
  await writeFile(join(context, 'Dockerfile'), lines.join('\n'));
  const image = await docker('build', '--quiet', context);
  onTestFinished(async () => void (await docker('image', 'rm', '--force', image)));
  expect(await docker('run', '--rm', image, ...use)).toBe(version);
});

test('a container reaches its bridge’s gateway and is reachable by a published port', async (context) => {
  const { docker, gateway } = useEngine();
  const serving = `require('http').createServer((_, r) => r.end('from within')).listen(8080)`;
  const publish = ['--publish', '127.0.0.1::8080'];
  const id = await docker('run', '--detach', ...publish, 'node:24-slim', 'node', '-e', serving);
  onTestFinished(async () => void (await docker('rm', '--force', id)));
  const url = `http://${await docker('port', id, '8080')}`;
  const answer = () => fetch(url).then((response) => response.text());
  await expect.poll(() => answer().catch(() => 'not yet'), { timeout: 20_000 }).toBe('from within');

  const address = await gateway();
  const port = await useText('from the host', address).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRNOTAVAIL') throw error;
    return context.skip('the engine and its bridge run in a virtual machine');
  });
  const fetching = `fetch('http://${address}:${port}').then(async (r) => console.log(await r.text()))`;
  expect(await docker('run', '--rm', 'node:24-slim', 'node', '-e', fetching)).toBe('from the host');
});

test('an image can be pushed to the registry and pulled from it', async () => {
  const { docker } = useEngine();
  const folder = await useFolder();
  const port = await findFreePort();
  const config = join(folder, 'config.yml');
  const storage = { filesystem: { rootdirectory: join(folder, 'images') } };
  const settings = { version: 0.1, storage, http: { addr: `127.0.0.1:${port}` } };
  await writeFile(config, JSON.stringify(settings));
  await useServer(usePart('registry'), ['serve', config], `http://127.0.0.1:${port}/v2/`);

  const name = `localhost:${port}/pushed:1`;
  const empty = join(folder, 'Dockerfile');
  await writeFile(empty, 'FROM scratch\nLABEL pushed=yes\nCOPY Dockerfile /\n');
  await docker('build', '--quiet', '--tag', name, folder);
  await docker('push', name);
  await docker('image', 'rm', name);
  await docker('pull', '--quiet', name);
  onTestFinished(async () => void (await docker('image', 'rm', name)));
  expect(await docker('image', 'inspect', '--format', '{{.Config.Labels.pushed}}', name)).toBe(
    'yes',
  );
});

test('Chromium shows a page from loopback', async () => {
  const port = await useText('<p>Hello from <b>loopback</b>', '127.0.0.1');
  const page = await open(`http://127.0.0.1:${port}`);
  expect(await page.textContent('p')).toBe('Hello from loopback');
});

test('code-server reports that it is healthy', async () => {
  const folder = await useFolder();
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}/healthz`;
  const args = ['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry'];
  for (const option of ['config', 'user-data-dir', 'extensions-dir']) {
    args.push(`--${option}`, join(folder, option));
  }
  await useServer(usePart('codeServer'), args, url);
  expect(await (await fetch(url)).json()).toMatchObject({ status: expect.any(String) as string });
});

test('bubblewrap runs a program that sees only the given folders', async () => {
  const system = ['--ro-bind', '/usr', '/usr', '--symlink', 'usr/lib', '/lib'];
  const libraries = [...system, '--symlink', 'usr/lib64', '/lib64'];
  const { stdout } = await run(usePart('bubblewrap'), [
    '--unshare-all',
    ...libraries,
    '/usr/bin/ls',
    '/',
  ]);
  expect(stdout.split('\n').filter(Boolean).toSorted()).toEqual(['lib', 'lib64', 'usr']);
});

test('moto’s S3 stores boto3’s objects and reports missing ones', async () => {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const environment = { ...process.env, PYTHONPATH: findPythonPackages() };
  const server = ['-m', 'moto.server', '--host', '127.0.0.1', '--port', String(port)];
  await useServer('python3', server, `${url}/moto-api/`, environment);
  const script = `
import boto3
s3 = boto3.client("s3")
s3.create_bucket(Bucket="shelf")
s3.put_object(Bucket="shelf", Key="note", Body="Grüße".encode())
print(s3.get_object(Bucket="shelf", Key="note")["Body"].read().decode())
try:
    s3.get_object(Bucket="shelf", Key="other")
except s3.exceptions.NoSuchKey as error:
    print(error.response["Error"]["Code"])
`;
  const { stdout } = await run('python3', ['-c', script], {
    env: {
      ...environment,
      AWS_ENDPOINT_URL_S3: url,
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
  });
  expect(stdout).toBe('Grüße\nNoSuchKey\n');
});
