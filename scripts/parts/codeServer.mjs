// code-server from npm: a real VS Code that a browser drives, with an extension host on the Node.js version of
// VS Code.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { cacheFolder, makeFolder } from './cache.mjs';
import { nodeForLinux, npmInstall } from './npm.mjs';
import { step, which } from './steps.mjs';

const launcher = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
exec "$here/node_modules/node-linux/bin/node" "$here/node_modules/code-server/out/node/entry.js" "$@"
`;

const packages = [nodeForLinux, 'code-server@4.139.1'];
// The only native module that must be compiled: VS Code uses it to write its output logs.
const native = '@vscode/spdlog';
const folder = cacheFolder('code-server', ...packages, launcher, native);

/** @type {import('./part.d.ts').TestPart} */
export const codeServer = {
  name: 'code-server',
  packages: which('g++') && which('make') ? [] : ['g++', 'make', 'python3'],
  anywhere: process.platform === 'linux',
  hint: 'install g++ and make; code-server is supported only on Linux',

  async find() {
    return existsSync(folder)
      ? { environment: { WORKBENCH_CODE_SERVER: join(folder, 'code-server') } }
      : undefined;
  },

  async install() {
    await makeFolder(folder, async (making) => {
      // Install scripts are skipped: they compile modules that are prebuilt or not needed, except one.
      await npmInstall(making, ...packages);
      const vscode = join(making, 'node_modules', 'code-server', 'lib', 'vscode');
      await npmInstall(vscode);
      await npmInstall(join(vscode, 'extensions'));
      const node = join(making, 'node_modules', 'node-linux');
      await step('npm', ['rebuild', '--prefix', vscode, native], {
        cwd: vscode,
        env: {
          ...process.env,
          PATH: `${join(node, 'bin')}:${process.env['PATH'] ?? ''}`,
          npm_config_nodedir: node,
        },
      });
      writeFileSync(join(making, 'code-server'), launcher, { mode: 0o755 });
    });
  },
};
