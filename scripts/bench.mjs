// `npm run bench`: sets up what is measured, then prints one table. A timing never fails anything.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { lockedEnvironment, lockedNode, root, setUp } from './setup.mjs';

setUp();
const { status } = spawnSync(lockedNode(), [join('bench', 'bench.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: lockedEnvironment(),
});
process.exitCode = status ?? 1;
