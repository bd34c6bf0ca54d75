import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { useWorkbench } from '../support/workbench.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const { vsix, installed } = useWorkbench();

test('the package holds what is needed, and no more', async () => {
  expect((await stat(await vsix())).size).toBeLessThan(3 * 1024 * 1024);
  const extensions = await installed();
  const folder = (await readdir(extensions)).find((name) => name.startsWith('agentcore'));
  const files = await readdir(join(extensions, folder!), { recursive: true });
  expect(files.filter((name) => /node_modules|test|\.map$|^src|^scripts/.test(name))).toEqual([]);
  expect(files).toEqual(
    expect.arrayContaining([
      'NOTICE',
      'readme.md',
      'changelog.md',
      'media/icon.png',
      'dist/extension.cjs',
      'dist/agentcore-emulator.js',
      'dist/preload/node.cjs',
      'dist/webview/chat.js',
    ]),
  );
});
