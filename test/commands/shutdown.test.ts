import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { BedrockAgentCoreClient } from '@aws-sdk/client-bedrock-agentcore';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import type { AgentSummary, ReadyMessage } from '../../src/shared/emulator.ts';
import { serverAgent, useFolder } from '../support/agents.ts';
import { command, useCommand } from '../support/command.ts';
import { runCommand } from '../support/commands.ts';
import { isAlive } from '../support/processes.ts';
import { project, useProject } from '../support/project.ts';
import { sdkSettings } from '../support/sdk.ts';

// An agent with a child process and a daemon. It returns the IDs of all three.
const agentWithChildren = serverAgent(
  `if (url === '/invocations') return json(response, [process.pid, child.pid, daemon.pid]);`,
  `import { spawn } from 'node:child_process';
   const start = (options) => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], options);
   const child = start({});
   const daemon = start({ detached: true, stdio: 'ignore' });
   daemon.unref();`,
);

async function invoke(url: string): Promise<number[]> {
  const answer = await fetch(`${url}/invocations`, { method: 'POST', body: '{}' });
  return (await answer.json()) as number[];
}

async function expectEnded(pids: number[]): Promise<void> {
  await eventually(() => expect(pids.filter(isAlive)).toEqual([]));
}

test('a killed emulator leaves no process of its sessions', async () => {
  const running = useCommand([
    await useProject(project, agentWithChildren),
    '--port=0',
    '--ephemeral',
  ]);
  const agents = await invoke((await running.ready()).url);
  expect(agents.every(isAlive)).toBe(true);
  running.process.kill('SIGKILL');
  await expectEnded(agents);
});

test('the end of a session ends its child processes and daemons', async () => {
  const running = useCommand([
    await useProject(project, agentWithChildren),
    '--port=0',
    '--ephemeral',
  ]);
  const { url } = await running.ready();
  const processes = await invoke(url);
  expect(processes.every(isAlive)).toBe(true);
  await fetch(`${url}/_emulator/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advanceSeconds: 3600 }),
  });
  await expectEnded(processes);
});

test('a killed emulator leaves no process that a command started, not even a daemon', async () => {
  const running = useCommand([await useProject(project), '--port=0', '--ephemeral']);
  const { url } = await running.ready();
  const { agents } = (await (await fetch(`${url}/_emulator/agents`)).json()) as {
    agents: AgentSummary[];
  };
  const client = new BedrockAgentCoreClient(sdkSettings(url));
  onTestFinished(() => client.destroy());
  const { stdout } = await runCommand(
    { client: () => client, agent: agents[0]! },
    `sleep 9000 & echo $!; setsid sh -c 'echo $$ > daemon; exec sleep 9000' & until [ -s daemon ]; do sleep 0.01; done; cat daemon`,
  );
  const pids = stdout.trim().split('\n').map(Number);
  expect(pids.map(isAlive)).toEqual([true, true]);
  running.process.kill('SIGKILL');
  await expectEnded(pids);
});

test('a killed emulator leaves no instance of the warm pool', async () => {
  const pidFile = join(await useFolder(), 'pids');
  const main = serverAgent(
    '',
    `import { appendFileSync } from 'node:fs'; appendFileSync(process.env.PID_FILE, process.pid + '\\n');`,
  );
  const runtimes = [{ ...project.runtimes[0], envVars: [{ name: 'PID_FILE', value: pidFile }] }];
  const root = await useProject({ ...project, runtimes }, main);
  const running = useCommand([root, '--port=0', '--ephemeral', '--warm=2']);
  const { url } = await running.ready();
  await eventually(async () => {
    const response = await fetch(`${url}/_emulator/agents`);
    expect(await response.json()).toMatchObject({ agents: [{ warm: 2 }] });
  });
  const pids = (await readFile(pidFile, 'utf8')).trim().split('\n').map(Number);
  expect(pids.filter(isAlive)).toHaveLength(2);
  running.process.kill('SIGKILL');
  await expectEnded(pids);
});

test('with --end-with-stdin the emulator ends when its parent is killed', async () => {
  const args = [
    command,
    await useProject(project, agentWithChildren),
    '--port=0',
    '--ephemeral',
    '--end-with-stdin',
  ];
  const program = `
    const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ${JSON.stringify(args)});
    child.stdout.pipe(process.stdout);
  `;
  const parent = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const { url, pid } = JSON.parse(line) as ReadyMessage;
  const agents = await invoke(url);
  expect([pid, ...agents].every(isAlive)).toBe(true);
  parent.kill('SIGKILL');
  await expectEnded([pid, ...agents]);
});

test('a page that cannot be opened is opened by a later request, and does not disturb the end', async () => {
  const folder = join(await useFolder(), 'dist');
  await cp(dirname(command), folder, {
    recursive: true,
    filter: (file) => !file.endsWith('.map'),
  });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const file = join(folder, basename(command));
  const module = join(folder, 'chatPage.js');
  await rename(module, `${module}.gone`);
  const args = [await useProject(project), '--port', '0', '--ephemeral'];

  const failing = useCommand(args, {}, { file });
  const response = await fetch(`${(await failing.ready()).url}/`);
  expect(response.status).toBe(500);
  expect(await response.text()).toMatch(/^The page could not be loaded: /);
  failing.process.kill('SIGTERM');
  expect(await failing.exited).toBe(0);

  const recovering = useCommand(args, {}, { file });
  const page = `${(await recovering.ready()).url}/`;
  expect((await fetch(page)).status).toBe(500);
  await rename(`${module}.gone`, module);
  expect((await fetch(page)).status).toBe(200);
  recovering.process.kill('SIGTERM');
  expect(await recovering.exited).toBe(0);
});
