// `npm run test:desktop`: what is tested inside the extension host, in the desktop's VS Code, which
// @vscode/test-electron downloads.
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
    throw new Error(`The desktop's VS Code cannot be downloaded here: ${error.message}`);
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
