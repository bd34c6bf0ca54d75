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

/** A file of events. */
async function useLines(count: number): Promise<string> {
  const file = join(await useFolder(), 'lines.jsonl');
  const lines = Array.from({ length: count }, (_, index) => JSON.stringify(event(index)));
  await writeFile(file, lines.join('\n'));
  return file;
}

const eventsIn = (lines: string) => readLines(lines).filter(({ type }) => type === 'event');

test('memories are exported and imported beside an emulator and without one, by the same lines', async () => {
  const root = await useProject({ ...project, memories });
  const file = await useLines(3);
  const within = { cwd: join(root, 'app') };
  const run = async (...args: string[]) => {
    const running = useCommand(args, {}, within);
    return { code: await running.exited, out: running.stdout(), error: running.stderr() };
  };
  expect(await run('export')).toMatchObject({
    code: 1,
    error: expect.stringMatching(/nothing is remembered in .*--data/),
  });

  const emulator = useCommand([root, '--port=0']);
  await emulator.ready();
  const added = /: added 0 memories, 3 events and 0 records; 0 were there already\n$/;
  expect(await run('import', file)).toMatchObject({ code: 0, out: expect.stringMatching(added) });
  const beside = await run('export');
  expect(eventsIn(beside.out)).toHaveLength(3);
  emulator.process.kill('SIGKILL');
  await emulator.exited;
  const without = await run('export');
  expect(without).toEqual({ ...beside, code: 0 });

  const other = join(await useFolder(), 'data');
  const copy = join(await useFolder(), 'copy.jsonl');
  expect(await run('export', copy)).toMatchObject({ code: 0, out: '' });
  expect(await run('import', copy, '--data', other)).toMatchObject({ code: 0 });
  const again = await run('import', copy, '--data', other);
  expect(again.out).toMatch(/added 0 memories, 0 events and 0 records; 4 were there already/);
  expect((await run('export', '--data', other)).out).toBe(beside.out);
});

test('a project that starts for the first time takes up what was imported before', async () => {
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

test('an emulator that keeps nothing is reached by its address, and seeded with --seed', async () => {
  const root = await useProject({ ...project, memories });
  const seed = await useLines(2);
  const emulator = useCommand([root, '--port=0', '--ephemeral', '--seed', seed]);
  const { url } = await emulator.ready();
  expect(emulator.stderr()).toMatch(/lines\.jsonl has added 0 memories, 2 events and 0 records/);
  const { stdout } = await runCommand(['export', '--endpoint', `${url}/`]);
  expect(eventsIn(stdout)).toHaveLength(2);
  const unseeded = await runCommand([root, '--port=0', '--ephemeral', '--seed', `${seed}.gone`]);
  expect(unseeded).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/seed: cannot read the file: ENOENT/),
  });
});

test('a line that is wrong is named with its file, with and without an emulator', async () => {
  const root = await useProject({ ...project, memories });
  const data = join(root, '.agentcore');
  const file = join(await useFolder(), 'wrong.jsonl');
  const { actorId: _, ...wrong } = event(2);
  await writeFile(file, `${JSON.stringify(event(1))}\n${JSON.stringify(wrong)}\n`);
  const emulator = useCommand([root, '--port=0']);
  const { url } = await emulator.ready();
  const message = `agentcore-emulator: ${file}: line 2: actorId: nothing is no text; give one\n`;
  const refusal = { code: 1, stdout: '', stderr: message };
  expect(await runCommand(['import', file, '--data', data])).toEqual(refusal);
  expect(eventsIn(await exportFrom({ url }))).toEqual([]);
  emulator.process.kill('SIGTERM');
  await emulator.exited;
  expect(await runCommand(['import', file, '--data', data])).toEqual(refusal);
  const missing = await runCommand(['import', `${file}.gone`, '--data', data]);
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringMatching(/ENOENT/) });
});

test('an export replaces its file when all is written, and leaves it when it cannot', async () => {
  const folder = await useFolder();
  const file = join(folder, 'kept.jsonl');
  await writeFile(file, 'before');
  const failed = await runCommand(['export', file, '--endpoint', 'http://127.0.0.1:9']);
  expect(failed).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no emulator answers at http:\/\/127\.0\.0\.1:9/),
  });
  expect(await readFile(file, 'utf8')).toBe('before');
});

test('an emulator that breaks off is said to have, and where to look for the reason', async () => {
  const server = createServer((request) => request.socket.destroy()).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const args of [['export'], ['import', await useLines(1)]]) {
    const { code, stderr } = await runCommand([...args, '--endpoint', url]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `agentcore-emulator: the emulator at ${url} broke off; its log may say why\n`,
    });
  }
});

test('of an import in which the emulator is killed all is kept or nothing', async () => {
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
    expect(importing.stderr()).toMatch(/^agentcore-emulator: the emulator at .* broke off/);
  emulator.process.kill('SIGKILL');
  await emulator.exited;
  const { stdout } = await runCommand(['export', '--data', data]);
  expect([0, 20_000]).toContain(eventsIn(stdout).length);
  if (isWhole) expect(eventsIn(stdout)).toHaveLength(20_000);
});

const usage = [
  [['import'], /import takes one file/],
  [['export', 'a', 'b'], /export takes one file, not a and b/],
  [['export', '--data', 'a', '--endpoint', 'b'], /--data and --endpoint exclude each other/],
  [['import', '--colour'], /Unknown option '--colour'/],
] as const;

test.for(usage)('a mistake in %j is one line and exit code 2', async ([args, message]) => {
  const { code, stderr } = await runCommand([...args]);
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});
