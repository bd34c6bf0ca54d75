import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import type { ReadyMessage } from '../../src/shared/emulator.ts';
import { serverAgent } from '../support/agents.ts';
import { command } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';

const FLOOD_MEGABYTES = 400;

/** Prints numbered lines as fast as they are read, and then responds. */
const agent = serverAgent(
  `if (url === '/invocations') {
     for (let line = 0; line < ${FLOOD_MEGABYTES * 1000}; line += 1) {
       if (!process.stdout.write(String(line).padEnd(999, '.') + '\\n')) {
         await new Promise((drained) => process.stdout.once('drain', drained));
       }
     }
     return json(response, { printed: true });
   }`,
);

test('an agent that prints endlessly does not fill the memory while the log is not read', async ({
  skip,
}) => {
  skip(!existsSync('/proc'), 'the peak of a process’s memory is read from /proc');
  const root = await useProject(project, agent);
  const emulator = spawn(process.execPath, [command, root, '--port=0', '--ephemeral'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(emulator, 'exit');
  onTestFinished(async () => {
    emulator.kill('SIGTERM');
    emulator.stderr.resume();
    await exited;
  });
  const [line] = (await once(createInterface({ input: emulator.stdout }), 'line')) as [string];
  const { url } = JSON.parse(line) as ReadyMessage;
  const answer = await fetch(`${url}/invocations`, { method: 'POST', body: '{}' });
  expect(await answer.json()).toEqual({ printed: true });

  const status = await readFile(`/proc/${emulator.pid}/status`, 'utf8');
  const peakMegabytes = Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1]) / 1024;
  expect(peakMegabytes).toBeLessThan(FLOOD_MEGABYTES);

  emulator.kill('SIGTERM');
  const log = await text(emulator.stderr);
  expect(log).toMatch(/warn +… \d+ lines dropped, because standard error was not read/);
  // The newest lines are kept.
  expect(log).toContain(`| ${FLOOD_MEGABYTES * 1000 - 1}...`);
  expect(log.length).toBeLessThan(10_000_000);
}, 120_000);
