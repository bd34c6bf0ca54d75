import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStorage } from '../../../emulator/storage/storage.ts';
import { openMemoryDatabase } from '../../../emulator/services/memory/database.ts';
import { useFolder } from '../../support/agents.ts';
import { readModes, listOpenToOthers } from '../../support/fileModes.ts';

/** A data folder that every user can read. */
async function useOpenFolder(files: Readonly<Record<string, number>>): Promise<string> {
  const folder = join(await useFolder(), 'data');
  for (const [name, mode] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), '');
    await chmod(join(folder, name), mode);
  }
  await chmod(folder, 0o755);
  return folder;
}

function open(folder: string): void {
  const storage = openStorage(folder);
  onTestFinished(storage.close);
}

test('a new data folder and its files are private', async () => {
  const folder = join(await useFolder(), 'data');
  open(folder);
  const memory = openMemoryDatabase(folder);
  onTestFinished(() => memory.close({ isDamaged: false }));
  expect(await listOpenToOthers(folder)).toEqual([]);
  expect(await readModes(folder)).toMatchObject({
    '.': '700',
    'state.db': '600',
    'memory.db': '600',
    'memory.db-wal': '600',
    'memory.db-shm': '600',
  });
});

test('a data folder that other users can read is made private, and programs in it still run', async () => {
  const folder = await useOpenFolder({
    'memory.db': 0o644,
    'memory.db-wal': 0o664,
    'memory.db-shm': 0o644,
    'instances/one/output.jsonl': 0o644,
    'instances/one/machine/code/run.sh': 0o755,
    'storage/two/data/notes.txt': 0o666,
    'deployed/three/main.js': 0o444,
    'conversations/four/turns.jsonl': 0o644,
  });
  open(folder);
  expect(await listOpenToOthers(folder)).toEqual([]);
  expect(await readModes(folder)).toMatchObject({
    'memory.db': '600',
    'memory.db-wal': '600',
    instances: '700',
    'instances/one/output.jsonl': '600',
    'instances/one/machine/code/run.sh': '700',
    'deployed/three/main.js': '400',
  });
});

test('files that are not the emulator’s keep their modes, and so does the target of a link', async () => {
  const folder = await useOpenFolder({ 'main.js': 0o644, 'src/index.js': 0o644 });
  const packages = await useOpenFolder({ 'package.json': 0o644 });
  await mkdir(join(folder, 'instances'));
  await symlink(packages, join(folder, 'instances', 'node_modules'));
  open(folder);
  expect(await readModes(folder)).toMatchObject({
    '.': '700',
    'main.js': '644',
    'src/index.js': '644',
  });
  expect(await readModes(packages)).toEqual({ '.': '755', 'package.json': '644' });
});

test('a folder with the sticky bit stays shared', async () => {
  const folder = await useOpenFolder({ 'memory.db': 0o644 });
  await chmod(folder, 0o1777);
  open(folder);
  expect(await readModes(folder)).toMatchObject({
    '.': '777',
    'memory.db': '600',
    'state.db': '600',
  });
});
