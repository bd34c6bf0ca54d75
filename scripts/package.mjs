// `npm run package`: packages the built extension as a VSIX in dist/, or in the file that `--out FILE` names.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import { readPublished } from './publish.mjs';
import { root } from './setup.mjs';

const { values } = parseArgs({ options: { out: { type: 'string' } } });

// dist/ also has files of the previous build, which running emulators use.
const built = readPublished(join(root, 'dist'))
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !path.endsWith('.map') && !path.startsWith('test/'));
const temporary = mkdtempSync(join(tmpdir(), 'agentcore-package-'));
process.once('exit', () => rmSync(temporary, { recursive: true, force: true }));
const ignoreFile = join(temporary, '.vscodeignore');
writeFileSync(
  ignoreFile,
  [readFileSync(join(root, '.vscodeignore'), 'utf8'), ...built.map((path) => `!dist/${path}`)].join(
    '\n',
  ),
);

// vsce tells extensions with over 100 JavaScript files to bundle. These are bundles already: the emulator's,
// split so that it loads each part at first use. The extension's process loads three of them.
const { warn } = console;
console.warn = (...message) => {
  if (!message.join(' ').includes('you should bundle your extension')) warn(...message);
};

await createVSIX({
  cwd: root,
  ignoreFile,
  packagePath: values.out ?? join(root, 'dist', 'agentcore-workbench.vsix'),
  // The bundles contain all dependencies.
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
