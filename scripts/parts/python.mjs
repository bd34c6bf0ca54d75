// The Python packages that tests use.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup.mjs';
import { cacheFolder, makeFolder } from './cache.mjs';
import { step, which } from './steps.mjs';

const list = join(root, 'test', 'requirements.txt');
const hint = 'install Python 3.10 or newer with pip as python3';

/** Returns the folder for this version of the list and this Python ABI, such as cpython-311-x86_64-linux-gnu.
 * Undefined without Python or pip. */
async function packagesFolder() {
  const script = `import pip, sys, sysconfig
assert sys.version_info >= (3, 10)
print(sysconfig.get_config_var("SOABI"))`;
  const tag = await step('python3', ['-c', script]).catch(() => undefined);
  return tag && cacheFolder('python', tag, readFileSync(list));
}

/** @type {import('./part.d.ts').TestPart} */
export const python = {
  name: 'Python packages',
  packages: which('pip3') ? [] : ['python3', 'python3-pip', 'python3-venv'],
  anywhere: true,
  hint,

  async find() {
    const folder = await packagesFolder();
    return folder && existsSync(folder)
      ? { environment: { WORKBENCH_PYTHON_PACKAGES: folder } }
      : undefined;
  },

  async install() {
    const folder = await packagesFolder();
    if (!folder) throw new Error(hint);
    // Warnings about other packages and about root do not apply to a separate folder.
    const quiet = ['--quiet', '--no-warn-conflicts', '--root-user-action', 'ignore'];
    await makeFolder(folder, async (making) => {
      const target = ['--target', making, '--requirement', list];
      await step('python3', ['-m', 'pip', 'install', ...quiet, ...target]);
    });
  },
};
