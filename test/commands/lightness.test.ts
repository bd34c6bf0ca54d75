import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useFolder } from '../support/agents.ts';
import { useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';

/** Each took milliseconds of every start until it waited for who needs it. */
const heavy = ['http2', 'tls', 'zlib', 'internal/deps/undici/undici'];

test('an emulator that nobody has called has loaded nothing heavy of Node', async () => {
  const folder = await useFolder();
  const teller = join(folder, 'teller.cjs');
  await writeFile(
    teller,
    `process.on('exit', () => process.stderr.write('LOADED ' + JSON.stringify(process.moduleLoadList) + '\\n'));`,
  );
  const args = [await useProject(project), '--port', '0', '--ephemeral'];
  const running = useCommand(args, {}, { nodeOptions: ['--require', teller] });
  await running.ready();
  running.process.kill('SIGTERM');
  await running.exited;
  const [, loaded = '[]'] = /^LOADED (.*)$/m.exec(running.stderr()) ?? [];
  const names = JSON.parse(loaded) as string[];
  expect(names).toContain('NativeModule http');
  expect(heavy.filter((name) => names.includes(`NativeModule ${name}`))).toEqual([]);
});
