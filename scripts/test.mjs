// `npm test`: sets up what the tests need, then runs them all. `--fast` runs those that need no more
// than the packages. Further arguments go to vitest.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { installPackages, lockedEnvironment, lockedNode, root, setUp } from './setup.mjs';
import { chromium } from './setupChromium.mjs';
import { pythonPackages } from './setupPython.mjs';

/** The tests that need the bundle, the sample's packages or Python. */
const NEED_MORE = ['test/page/**', 'test/clients/**', 'test/commands/**', 'test/agents/**'];

const args = process.argv.slice(2).filter((argument) => argument !== '--fast');
const fast = process.argv.includes('--fast');

if (fast) installPackages(root);
else setUp();

const { status } = spawnSync(
  lockedNode(),
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...(fast ? NEED_MORE.flatMap((files) => ['--exclude', files]) : []),
    ...args,
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...lockedEnvironment(),
      ...(!fast && {
        WORKBENCH_PYTHON_PACKAGES: pythonPackages(),
        WORKBENCH_CHROMIUM: chromium(),
      }),
    },
  },
);
process.exitCode = status ?? 1;
