import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useFolder } from '../support/agents.ts';
import { useCommand } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { project, useProject } from '../support/project.ts';

test('the folder of a killed ephemeral emulator is removed by the next start, and no other', async () => {
  const root = await useProject(project);
  const temporary = await useFolder();
  const start = async () => {
    const running = useCommand([root, '--port', '0', '--ephemeral'], { TMPDIR: temporary });
    await running.ready();
    return running;
  };
  const folders = async () =>
    (await readdir(temporary)).filter((name) => name.startsWith('agentcore-'));

  const killed = await start();
  const left = await folders();
  expect(left).toHaveLength(1);
  const living = await start();
  killed.process.kill('SIGKILL');
  await killed.exited;
  const others = ['agentcore-ephemeral-notes', 'agentcore-mine'];
  for (const name of others) {
    await mkdir(join(temporary, name));
    await writeFile(join(temporary, name, 'notes.txt'), 'not the emulator’s');
  }
  const before = await folders();

  const next = await start();
  await eventually(async () => expect(await folders()).not.toContain(left[0]));
  expect(await folders()).toEqual(
    expect.arrayContaining(before.filter((name) => name !== left[0])),
  );
  expect(await folders()).toHaveLength(before.length);
  for (const running of [living, next]) {
    running.process.kill('SIGTERM');
    await running.exited;
  }
  expect((await folders()).toSorted()).toEqual(others);
});
