// `npm run test:desktop`: runs the extension host tests in a desktop VS Code, which @vscode/test-electron
// downloads.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { root, setUp } from './setup.mjs';

setUp();
const workspace = mkdtempSync(join(tmpdir(), 'workbench-test-'));
try {
  const vscodeExecutablePath = await downloadAndUnzipVSCode().catch((error) => {
    throw new Error(`Cannot download VS Code: ${error.message}. Check the network connection.`);
  });
  process.exitCode = await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: root,
    extensionTestsPath: join(root, 'dist', 'test', 'inHost.cjs'),
    launchArgs: [workspace],
  });
} catch (error) {
  process.stderr.write(`${/** @type {Error} */ (error).message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
