// A real VS Code without its desktop: code-server from npm, its extension host on the same Node as
// VS Code's, driven by a browser.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { keptFolder, makeFolder } from './cache.mjs';
import { nodeForLinux, npmInstall } from './npm.mjs';
import { step, which } from './steps.mjs';

const launcher = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
exec "$here/node_modules/node-linux/bin/node" "$here/node_modules/code-server/out/node/entry.js" "$@"
`;

const packages = [nodeForLinux, 'code-server@4.139.1'];
// By it alone VS Code writes the logs that it shows as output.
const native = '@vscode/spdlog';
const folder = keptFolder('code-server', ...packages, launcher, native);

/** @type {import('./part.d.ts').Part} */
export const codeServer = {
  name: 'code-server',
  packages: which('g++') && which('make') ? [] : ['g++', 'make', 'python3'],
  anywhere: process.platform === 'linux',
  hint: 'its packages are put together for Linux only, with g++ and make',

  async find() {
    return existsSync(folder)
      ? { environment: { WORKBENCH_CODE_SERVER: join(folder, 'code-server') } }
      : undefined;
  },

  async install() {
    await makeFolder(folder, async (making) => {
      // Without their scripts, which compile modules that have prebuilt binaries or are not needed;
      // but for one.
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
