import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { echoAgent } from '../support/agents.ts';
import { useCommand } from '../support/command.ts';
import { useContainerProject } from '../support/containers.ts';
import { useWorkbench } from '../support/workbench.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const { vsix, installed } = useWorkbench();

/** Returns the folder of the installed extension. */
async function installedFolder(): Promise<string> {
  const extensions = await installed();
  const name = (await readdir(extensions)).find((name) => name.startsWith('agentcore'));
  return join(extensions, name!);
}

test('The package contains only the files that the extension needs.', async () => {
  expect((await stat(await vsix())).size).toBeLessThan(3 * 1024 * 1024);
  const files = await readdir(await installedFolder(), { recursive: true });
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

test('The package contains the licenses of all bundled packages.', async () => {
  const file = join(await installedFolder(), 'dist', 'THIRD-PARTY-NOTICES.txt');
  const notices = await readFile(file, 'utf8');
  const named = notices.match(/^\S+(?= \d\S* \()/gm);
  const { dependencies } = JSON.parse(await readFile('package.json', 'utf8')) as {
    dependencies: Record<string, string>;
  };
  // Transitive dependencies are bundled, too.
  const bundled = [...Object.keys(dependencies), 'preact', '@grpc/grpc-js', 'protobufjs'];
  expect(named).toEqual(expect.arrayContaining(bundled));
  expect(named).not.toContain('typescript');
  expect(notices).toContain(await readFile('node_modules/preact/LICENSE', 'utf8'));
});

test.each([
  ['the classic builder', '0'],
  ['BuildKit', '1'],
])('The installed extension builds an image with %s.', async (_, buildKit) => {
  const { source } = await useContainerProject(echoAgent);
  const file = join(await installedFolder(), 'dist', 'agentcore-emulator.js');
  const options = [source.root, '--port=0', '--ephemeral'];
  const { ready } = useCommand(options, { DOCKER_BUILDKIT: buildKit }, { file });
  const { url } = await ready();
  const answer = await fetch(`${url}/invocations`, { method: 'POST', body: '{}' });
  expect(await answer.json()).toMatchObject({ turns: 1 });
});
