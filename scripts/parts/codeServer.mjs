// A real VS Code without its desktop: code-server from npm, its extension host on the same Node as
// VS Code's, driven by a browser.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { keptFolder, makeFolder } from './cache.mjs';
import { nodeForLinux, npmInstall } from './npm.mjs';

const launcher = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
exec "$here/node_modules/node-linux/bin/node" "$here/node_modules/code-server/out/node/entry.js" "$@"
`;

const packages = [nodeForLinux, 'code-server@4.139.1'];
const folder = keptFolder('code-server', ...packages, launcher);

/** @type {import('./part.d.ts').Part} */
export const codeServer = {
  name: 'code-server',
  anywhere: process.platform === 'linux',
  hint: 'its packages are put together for Linux only',

  async find() {
    return existsSync(folder)
      ? { environment: { WORKBENCH_CODE_SERVER: join(folder, 'code-server') } }
      : undefined;
  },

  async install() {
    await makeFolder(folder, async (making) => {
      // Without their scripts, which compile modules that have prebuilt binaries or are not needed.
      await npmInstall(making, ...packages);
      const vscode = join(making, 'node_modules', 'code-server', 'lib', 'vscode');
      await npmInstall(vscode);
      await npmInstall(join(vscode, 'extensions'));
      writeFileSync(join(making, 'code-server'), launcher, { mode: 0o755 });
    });
  },
};
