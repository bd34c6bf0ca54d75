// `npm test`: sets up what the tests need, runs them all, and ends what it started. `--fast` runs
// those that need no more than the packages, `--long` those that take minutes and are left out
// otherwise. Further arguments go to vitest.
import process from 'node:process';
import { partNames, standUp } from './parts/parts.mjs';
import { runBound } from './parts/steps.mjs';
import { installPackages, lockedNode, root, setUp } from './setup.mjs';

/** The tests that need the bundle, the sample's packages or a part. */
const NEED_MORE = [
  'test/page/**',
  'test/clients/**',
  'test/commands/**',
  'test/agents/**',
  'test/parts/**',
  'test/templates/**',
  'test/emulator/compute/container/**',
  'test/vscode/**',
];

const LONG = 'test/long/**';

const args = process.argv.slice(2).filter((argument) => !/^--(?:fast|long)$/.test(argument));

process.exitCode = process.argv.includes('--fast') ? await runFast() : await runWithParts();

async function runFast() {
  installPackages(root);
  // More at a time than there are cores: they spend most of their time waiting for something. What
  // a process has loaded serves all of its files: `npm test` has them apart, at a second each.
  const chosen = [...without(...NEED_MORE, LONG), '--maxWorkers=6', '--no-isolate'];
  return runBound(vitest(...chosen), { WORKBENCH_LEFT_OUT: partNames.join() });
}

async function runWithParts() {
  setUp();
  const { environment, missing, within, end } = await standUp();
  try {
    for (const { why } of missing) process.stderr.write(`Missing: ${why}\n`);
    if (missing.length > 0 && process.env['CI'] === 'true') return 1;
    const leftOut = missing.map(({ name }) => name).join();
    const chosen = process.argv.includes('--long') ? ['test/long/'] : without(LONG);
    return await runBound(within(vitest(...chosen)), {
      ...environment,
      WORKBENCH_LEFT_OUT: leftOut,
    });
  } finally {
    await end();
  }
}

/** @param {string[]} files */
function without(...files) {
  return files.flatMap((pattern) => ['--exclude', pattern]);
}

/** @param {string[]} options @returns {import('./parts/steps.mjs').Line} */
function vitest(...options) {
  return [lockedNode(), ['node_modules/vitest/vitest.mjs', 'run', ...options, ...args]];
}
