import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  createEmulatorProcess,
  type EmulatorProcess,
  type EmulatorProcessOptions,
} from '../../src/vscode/emulatorProcess.ts';
import { emulatorUrl } from '../../src/core/emulator/emulatorState.ts';
import { DATA_FOLDER, READY_FILE } from '../../src/shared/emulator.ts';
import { serverAgent, useFolder } from '../support/agents.ts';
import { command, runCommand, useCommand } from '../support/command.ts';
import { useCountedEmulator } from '../support/countedEmulator.ts';
import { eventually } from '../support/eventually.ts';
import { listCommandLines, isAlive } from '../support/processes.ts';
import { project, useProject } from '../support/project.ts';

const SETTINGS = {
  port: 0,
  allowedPorts: '',
  engine: '',
  models: { model: '', agentModels: {}, modelTokens: '' },
};

/** Creates the emulator process as the extension does, and records its log. */
function useEmulatorProcess(
  options: Partial<EmulatorProcessOptions> = {},
): EmulatorProcess & { readonly log: string[] } {
  const log: string[] = [];
  const record = (message: string) => void log.push(message);
  const logger = { debug: record, info: record, warn: record, error: record };
  const emulator = createEmulatorProcess({ command, logger, ...options });
  onTestFinished(() => emulator.stop());
  return { ...emulator, log };
}

interface Health {
  readonly pid: number;
  readonly compute: { readonly container: string };
}

async function getHealth(emulator: EmulatorProcess): Promise<Health> {
  const url = emulatorUrl(emulator.state()) ?? expect.fail('the emulator is not running');
  return (await (await fetch(`${url}/_emulator/health`)).json()) as Health;
}

const getPid = async (emulator: EmulatorProcess) => (await getHealth(emulator)).pid;

test('The emulator reports its URL and log, and its process ends on stop.', async () => {
  const emulator = useEmulatorProcess();
  const seen: string[] = [];
  emulator.onChange(({ status }) => seen.push(status));
  const state = await emulator.start(await useProject(project), SETTINGS);
  expect(state).toMatchObject({ status: 'running', url: expect.stringMatching(/^http:/) });
  await eventually(() =>
    expect(emulator.log.join('\n')).toMatch(/The local AgentCore is running at/),
  );
  const pid = await getPid(emulator);
  await emulator.stop();
  expect(isAlive(pid)).toBe(false);
  expect(seen).toEqual(['starting', 'running', 'stopping', 'stopped']);
});

const environmentAgent = serverAgent(
  `if (url === '/invocations') return json(response, process.env);`,
);

const memories = [{ name: 'Notes', eventExpiryDuration: 30 }];

test('The emulator’s token is in a private file, and in no log, environment or process list.', async () => {
  const emulator = useEmulatorProcess();
  const root = await useProject({ ...project, memories }, environmentAgent);
  await emulator.start(root, SETTINGS);
  const url = emulatorUrl(emulator.state())!;
  const [address, token] = url.split('/@') as [string, string];
  expect(token).toMatch(/^[\w-]{24}$/);

  // Requests of another user, without the token.
  expect((await fetch(`${address}/_emulator/sessions`)).status).toBe(403);
  const request = { method: 'POST', body: '{}' };
  expect((await fetch(`${address}/invocations`, request)).status).toBe(403);

  const file = join(root, DATA_FOLDER, READY_FILE);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ url });
  expect((await stat(file)).mode & 0o777).toBe(0o600);

  // An agent gets only its session's token.
  const answer = await fetch(`${url}/invocations`, request);
  const environment = await answer.text();
  expect(environment).toContain(`${address}/@`);
  expect(environment).not.toContain(token);

  const arguments_ = (await listCommandLines()).join('\n');
  expect(arguments_).toContain(root);
  expect(arguments_).not.toContain(token);
  const { pid } = await getHealth(emulator);
  expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain(token);
  await eventually(() => expect(emulator.log.join('\n')).toContain(`running at ${address}`));
  expect(emulator.log.join('\n')).not.toContain(token);
});

test('Another window and the command line find the token by themselves.', async () => {
  const emulator = useEmulatorProcess();
  const root = await useProject({ ...project, memories }, environmentAgent);
  await emulator.start(root, SETTINGS);
  const url = emulatorUrl(emulator.state())!;
  const other = useEmulatorProcess();
  expect(await other.start(root, SETTINGS)).toMatchObject({ status: 'attached', url });
  expect((await getHealth(other)).pid).toBe((await getHealth(emulator)).pid);

  const [, token] = url.split('/@') as [string, string];
  const inProject = async (...args: string[]) => {
    const running = useCommand(args, {}, { cwd: root });
    const code = await running.exited;
    const printed = running.stdout() + running.stderr();
    expect({ code, printed }).toMatchObject({ code: 0 });
    expect(printed).not.toContain(token);
    return printed;
  };
  expect(await inProject('invoke', 'Helper', 'hello')).toContain('AWS_ENDPOINT_URL');
  const file = join(root, 'memories.jsonl');
  await inProject('export', file);
  expect(await readFile(file, 'utf8')).toContain('Notes');
  expect(await inProject('import', file)).toContain('the emulator at http://127.0.0.1:');
  expect(other.log.join('\n')).not.toContain(token);

  const refused = await runCommand([root, '--port=0']);
  expect(refused.stderr).toMatch(/is in use by another emulator, at http:\S+ \(process \d+\)/);
  expect(refused.stderr).not.toContain(token);
});

test('Concurrent starts return the same running emulator.', async () => {
  const emulator = useEmulatorProcess();
  const root = await useProject(project);
  const [one, other] = await Promise.all([
    emulator.start(root, SETTINGS),
    emulator.start(root, SETTINGS),
  ]);
  expect(other).toBe(one);
  const stopped = emulator.stop();
  const again = await emulator.start(root, SETTINGS);
  await stopped;
  expect(again.status).toBe('running');
});

test('A killed emulator fails with the cause and can be started again.', async () => {
  const emulator = useEmulatorProcess();
  const root = await useProject(project);
  await emulator.start(root, SETTINGS);
  process.kill(await getPid(emulator), 'SIGKILL');
  await eventually(() => expect(emulator.state().status).toBe('failed'));
  expect(emulator.state()).toMatchObject({ failure: { why: 'it was ended by signal SIGKILL' } });
  expect((await emulator.start(root, SETTINGS)).status).toBe('running');
});

test('A used port and an invalid project fail with the command’s own message.', async () => {
  const emulator = useEmulatorProcess();
  const root = await useProject(project);
  const other = useCommand([root, '--port=0', '--ephemeral']);
  const { url } = await other.ready();
  const taken = await emulator.start(root, {
    ...SETTINGS,
    port: Number(new URL(url).port),
  });
  expect(taken).toMatchObject({
    failure: { why: expect.stringContaining('is in use by another AgentCore emulator') },
  });
  const broken = await emulator.start(await useProject('{'), SETTINGS);
  expect(broken).toMatchObject({
    failure: { why: expect.stringContaining('agentcore.json:1:2: Not valid JSON') },
  });
});

test('An emulator that crashes at start fails with the end of its log.', async () => {
  const crashing = join(await useFolder(), 'crash.mjs');
  await writeFile(crashing, `console.error('one');\nthrow new Error('two');`);
  const emulator = useEmulatorProcess({ command: crashing });
  const state = await emulator.start(await useFolder(), SETTINGS);
  expect(state).toMatchObject({
    failure: {
      why: 'it exited with code 1 before it was ready',
      logTail: expect.arrayContaining(['one', 'Error: two']),
    },
  });
});

test('An emulator that does not become ready in time is ended and fails.', async () => {
  const silent = join(await useFolder(), 'silent.mjs');
  await writeFile(silent, `process.stdin.on('end', () => process.exit()).resume();`);
  const emulator = useEmulatorProcess({ command: silent, readyMilliseconds: 300 });
  const state = await emulator.start(await useFolder(), SETTINGS);
  expect(state).toMatchObject({ failure: { why: 'it was not ready after 0.3 seconds' } });
});

test('An emulator that shuts down slowly is not killed.', async () => {
  const folder = await useFolder();
  const [go, done] = [join(folder, 'go'), join(folder, 'done')];
  const slow = join(folder, 'slow.mjs');
  await writeFile(
    slow,
    `import { existsSync, writeFileSync } from 'node:fs';
     process.stdin.resume().on('end', () => {
       setInterval(() => {
         if (!existsSync(${JSON.stringify(go)})) return;
         writeFileSync(${JSON.stringify(done)}, '');
         process.exit();
       }, 10);
     });
     console.log('{"type":"ready","url":"http://127.0.0.1:1","pid":1}');`,
  );
  const emulator = useEmulatorProcess({ command: slow });
  expect((await emulator.start(await useFolder(), SETTINGS)).status).toBe('running');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const stopped = emulator.stop();
  vi.advanceTimersByTime(30_000);
  await writeFile(go, '');
  await stopped;
  expect(existsSync(done)).toBe(true);
});

test('The emulator uses the container engine from the settings.', async () => {
  const emulator = useEmulatorProcess();
  const engine = `unix://${join(await useFolder(), 'engine.sock')}`;
  await emulator.start(await useProject(project), { ...SETTINGS, engine });
  expect((await getHealth(emulator)).compute.container).toContain(engine);
});

test('A start attaches to an emulator that already serves the project, and a stop leaves that running.', async () => {
  const emulator = useEmulatorProcess();
  const root = await useProject(project);
  const other = useCommand([root, '--port=0']);
  const { url, pid } = await other.ready();
  expect(await emulator.start(root, SETTINGS)).toEqual({ status: 'attached', project: root, url });
  await emulator.stop();
  expect(emulator.state().status).toBe('stopped');
  expect(isAlive(pid)).toBe(true);

  expect((await emulator.start(root, SETTINGS)).status).toBe('attached');
  other.process.kill('SIGTERM');
  await eventually(() => expect(emulator.state().status).toBe('failed'));
  expect(emulator.state()).toMatchObject({
    failure: { why: 'it was stopped by the program that started it' },
  });
  await other.exited;
  expect((await emulator.start(root, SETTINGS)).status).toBe('running');
});

test('A window stays attached to an emulator when only its connection breaks.', async () => {
  const { url, opened, openNow, breakStreams, closeProxy } = await useCountedEmulator();
  const root = await useProject(project);
  await mkdir(join(root, DATA_FOLDER));
  const ready = JSON.stringify({ type: 'ready', url, pid: process.pid });
  await writeFile(join(root, DATA_FOLDER, READY_FILE), ready);
  const emulator = useEmulatorProcess();
  const attached = { status: 'attached', project: root, url };
  expect(await emulator.start(root, SETTINGS)).toEqual(attached);
  // The client of the window is the only connection.
  const unsubscribe = emulator.client()!.sessions.onChange(() => {});
  onTestFinished(unsubscribe);
  await eventually(() => expect(openNow()).toBe(1));
  breakStreams();
  await eventually(() => expect([opened(), openNow()]).toEqual([2, 1]));
  expect(emulator.state()).toEqual(attached);
  closeProxy();
  await eventually(() => expect(emulator.state().status).toBe('failed'));
});

test('When two windows start at once, one emulator runs and the other window attaches to it.', async () => {
  const root = await useProject(project);
  const [one, other] = [useEmulatorProcess(), useEmulatorProcess()];
  const states = await Promise.all([one.start(root, SETTINGS), other.start(root, SETTINGS)]);
  expect(states.map(({ status }) => status).toSorted()).toEqual(['attached', 'running']);
  expect(new Set(states.map(emulatorUrl)).size).toBe(1);
});

test('A ready file with a non-loopback URL is ignored.', async () => {
  const root = await useProject(project);
  const server = createServer((_, response) =>
    response.end(
      JSON.stringify({
        status: 'ready',
        version: '0.1.0',
        url,
        pid: 1,
        uptimeSeconds: 0,
        compute: { process: 'available', container: 'available' },
      }),
    ),
  ).listen(0);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  // 0.0.0.0 reaches this machine but is not a loopback address.
  const url = `http://0.0.0.0:${(server.address() as AddressInfo).port}`;
  await mkdir(join(root, DATA_FOLDER));
  const ready = JSON.stringify({ type: 'ready', url, pid: 1 });
  await writeFile(join(root, DATA_FOLDER, READY_FILE), ready);
  expect((await useEmulatorProcess().start(root, SETTINGS)).status).toBe('running');
});
