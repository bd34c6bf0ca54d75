// The Python packages that tests call as their users do.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup.mjs';
import { keptFolder, makeFolder } from './cache.mjs';
import { step, which } from './steps.mjs';

const list = join(root, 'test', 'requirements.txt');
const hint = 'install Python 3.10 or newer with pip as python3';

/** One folder for each version of the list and of what compiled packages depend on, such as
 * cpython-311-x86_64-linux-gnu; undefined without Python or pip. */
async function packagesFolder() {
  const question = `import pip, sys, sysconfig
assert sys.version_info >= (3, 10)
print(sysconfig.get_config_var("SOABI"))`;
  const tag = await step('python3', ['-c', question]).catch(() => undefined);
  return tag && keptFolder('python', tag, readFileSync(list));
}

/** @type {import('./part.d.ts').Part} */
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
    // What pip has to say of other packages and of root is no concern of a folder apart.
    const quiet = ['--quiet', '--no-warn-conflicts', '--root-user-action', 'ignore'];
    await makeFolder(folder, async (making) => {
      const where = ['--target', making, '--requirement', list];
      await step('python3', ['-m', 'pip', 'install', ...quiet, ...where]);
    });
  },
};
