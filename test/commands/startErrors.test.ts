import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
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

test('a compute kind that an agent does not support is refused', async () => {
  const coded = await useProject(project);
  const withDockerfile = await useProject({
    name: 'Demo',
    runtimes: [{ name: 'Agent', codeLocation: 'app/' }],
  });
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

test('the port that agents listen on is refused', async () => {
  const { code, stderr } = await runCommand([sample, '--ephemeral', '--port', '8080']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/--port: AgentCore's contract reserves port 8080 for the agent Assistant/);
});
