import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useFolder } from '../support/agents.ts';
import { useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';

/** Modules of Node that take milliseconds to load and are not needed at the start. */
const slowModules = ['http2', 'tls', 'zlib', 'internal/deps/undici/undici'];

test('an emulator without requests loads no slow Node module', async () => {
  const folder = await useFolder();
  const reporter = join(folder, 'reporter.cjs');
  await writeFile(
    reporter,
    `process.on('exit', () => process.stderr.write('LOADED ' + JSON.stringify(process.moduleLoadList) + '\\n'));`,
  );
  const args = [await useProject(project), '--port', '0', '--ephemeral'];
  const running = useCommand(args, {}, { nodeOptions: ['--require', reporter] });
  await running.ready();
  running.process.kill('SIGTERM');
  await running.exited;
  const [, loaded = '[]'] = /^LOADED (.*)$/m.exec(running.stderr()) ?? [];
  const names = JSON.parse(loaded) as string[];
  expect(names).toContain('NativeModule http');
  expect(slowModules.filter((name) => names.includes(`NativeModule ${name}`))).toEqual([]);
});
