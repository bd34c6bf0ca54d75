import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { useFolder } from '../support/agents.ts';
import { runCommand, useCommand } from '../support/command.ts';
import { exportFrom, readLines } from '../support/lines.ts';
import { project, useProject } from '../support/project.ts';

const memories = [{ name: 'Notes', eventExpiryDuration: 30, strategies: [] }];

const event = (index: number) => ({
  type: 'event',
  memory: 'Demo_Notes',
  actorId: 'ana',
  sessionId: 'one',
  eventTimestamp: new Date(Date.UTC(2026, 0, 1) + index),
  payload: [{ blob: index }],
});

/** A file with events. */
async function useLines(count: number): Promise<string> {
  const file = join(await useFolder(), 'lines.jsonl');
  const lines = Array.from({ length: count }, (_, index) => JSON.stringify(event(index)));
  await writeFile(file, lines.join('\n'));
  return file;
}

const readEvents = (lines: string) => readLines(lines).filter(({ type }) => type === 'event');

test('memories are exported and imported with and without a running emulator', async () => {
  const root = await useProject({ ...project, memories });
  const file = await useLines(3);
  const within = { cwd: join(root, 'app') };
  const run = async (...args: string[]) => {
    const running = useCommand(args, {}, within);
    return { code: await running.exited, out: running.stdout(), error: running.stderr() };
  };
  expect(await run('export')).toMatchObject({
    code: 1,
    error: expect.stringMatching(/There are no memories in .*--data/),
  });

  const emulator = useCommand([root, '--port=0']);
  await emulator.ready();
  const added = /: added 0 memories, 3 events and 0 records; 0 already existed\n$/;
  expect(await run('import', file)).toMatchObject({ code: 0, out: expect.stringMatching(added) });
  const beside = await run('export');
  expect(readEvents(beside.out)).toHaveLength(3);
  emulator.process.kill('SIGKILL');
  await emulator.exited;
  const without = await run('export');
  expect(without).toEqual({ ...beside, code: 0 });

  const other = join(await useFolder(), 'data');
  const copy = join(await useFolder(), 'copy.jsonl');
  expect(await run('export', copy)).toMatchObject({
    code: 0,
    out: `${copy}: exported 1 memory, 3 events and 0 records\n`,
  });
  expect(await run('import', copy, '--data', other)).toMatchObject({ code: 0 });
  const again = await run('import', copy, '--data', other);
  expect(again.out).toMatch(/added 0 memories, 0 events and 0 records; 4 already existed/);
  expect((await run('export', '--data', other)).out).toBe(beside.out);
});

test('memories that were imported before the first start are used', async () => {
  const root = await useProject({ ...project, memories });
  const file = join(await useFolder(), 'lines.jsonl');
  const memory = { type: 'memory', name: 'Demo_Notes', eventExpiryDuration: 7 };
  await writeFile(file, [memory, event(1)].map((line) => JSON.stringify(line)).join('\n'));
  const data = join(root, '.agentcore');
  expect(await runCommand(['import', file, '--data', data])).toMatchObject({ code: 0 });
  const { url } = await useCommand([root, '--port=0']).ready();
  const [kept, ...rest] = readLines(await exportFrom({ url }));
  expect(kept).toMatchObject({ name: 'Demo_Notes', eventExpiryDuration: 30 });
  expect(rest.map(({ type }) => type)).toEqual(['session', 'event']);
});

test('an ephemeral emulator is reached by its URL and seeded with --seed', async () => {
  const root = await useProject({ ...project, memories });
  const seed = await useLines(2);
  const emulator = useCommand([root, '--port=0', '--ephemeral', '--seed', seed]);
  const { url } = await emulator.ready();
  expect(emulator.stderr()).toMatch(/lines\.jsonl: added 0 memories, 2 events and 0 records/);
  const { stdout } = await runCommand(['export', '--endpoint', `${url}/`]);
  expect(readEvents(stdout)).toHaveLength(2);
  const unseeded = await runCommand([root, '--port=0', '--ephemeral', '--seed', `${seed}.gone`]);
  expect(unseeded).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/seed: cannot read the file: ENOENT/),
  });
});

test('an invalid line is reported with its file, with and without an emulator', async () => {
  const root = await useProject({ ...project, memories });
  const data = join(root, '.agentcore');
  const file = join(await useFolder(), 'wrong.jsonl');
  const { actorId: _, ...wrong } = event(2);
  await writeFile(file, `${JSON.stringify(event(1))}\n${JSON.stringify(wrong)}\n`);
  const emulator = useCommand([root, '--port=0']);
  const { url } = await emulator.ready();
  const message = `agentcore-emulator: ${file}: line 2: actorId: expected a non-empty string, got nothing\n`;
  const refusal = { code: 1, stdout: '', stderr: message };
  expect(await runCommand(['import', file, '--data', data])).toEqual(refusal);
  expect(readEvents(await exportFrom({ url }))).toEqual([]);
  emulator.process.kill('SIGTERM');
  await emulator.exited;
  expect(await runCommand(['import', file, '--data', data])).toEqual(refusal);
  const missing = await runCommand(['import', `${file}.gone`, '--data', data]);
  expect(missing).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /\.gone does not exist\. Name a file that export wrote, or - for/,
    ),
  });
  const aFolder = await runCommand(['import', root, '--data', data]);
  expect(aFolder).toMatchObject({ code: 1, stderr: expect.stringMatching(/is a folder\. Name a/) });
});

test('a failed export leaves its file unchanged', async () => {
  const folder = await useFolder();
  const file = join(folder, 'kept.jsonl');
  await writeFile(file, 'before');
  const failed = await runCommand(['export', file, '--endpoint', 'http://127.0.0.1:9']);
  expect(failed).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/No emulator responds at http:\/\/127\.0\.0\.1:9/),
  });
  expect(await readFile(file, 'utf8')).toBe('before');
});

test('an emulator that closes the connection is reported', async () => {
  const server = createServer((request) => request.socket.destroy()).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const args of [['export'], ['import', await useLines(1)]]) {
    const { code, stderr } = await runCommand([...args, '--endpoint', url]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `agentcore-emulator: The emulator at ${url} closed the connection. See its log.\n`,
    });
  }
});

test('an import during which the emulator is killed is stored completely or not at all', async () => {
  const root = await useProject({ ...project, memories });
  const data = join(root, 'data');
  await mkdir(data);
  const file = await useLines(20_000);
  const emulator = useCommand([root, '--port=0', '--data', data]);
  await emulator.ready();
  const importing = useCommand(['import', file, '--data', data]);
  setTimeout(() => emulator.process.kill('SIGKILL'), 600);
  const isWhole = (await importing.exited) === 0;
  if (!isWhole)
    expect(importing.stderr()).toMatch(
      /^agentcore-emulator: The emulator at .* closed the connection/,
    );
  emulator.process.kill('SIGKILL');
  await emulator.exited;
  const { stdout } = await runCommand(['export', '--data', data]);
  expect([0, 20_000]).toContain(readEvents(stdout).length);
  if (isWhole) expect(readEvents(stdout)).toHaveLength(20_000);
});

const usage = [
  [['import'], /FILE is missing\. Usage: agentcore-emulator import FILE/],
  [['export', 'a', 'b'], /Unexpected argument 'b'/],
  [['export', '--data', 'a', '--endpoint', 'b'], /--data and --endpoint cannot be combined/],
  [['import', '--colour'], /Unknown option '--colour'/],
] as const;

test.for(usage)('an invalid command line has exit code 2: %j', async ([args, message]) => {
  const { code, stderr } = await runCommand([...args]);
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});
