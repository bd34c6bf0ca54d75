// `npm test`: sets up the parts that the tests need, runs the tests, and stops the parts. `--fast` runs the
// tests that need only the packages; `--long` runs the tests that take minutes each. Other arguments go to
// vitest: `npm test -- PATTERN` runs the files whose path contains PATTERN, and sets up only what they need.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { partNames, standUp } from './parts/parts.mjs';
import { runBound } from './parts/steps.mjs';
import { installPackages, lockedEnvironment, lockedNode, root, setUp } from './setup.mjs';

/** @typedef {import('./parts/parts.mjs').PartName} PartName */

const args = process.argv.slice(2).filter((argument) => !/^--(?:fast|long)$/.test(argument));

process.exitCode = await run();

async function run() {
  installPackages(root);
  if (process.argv.includes('--fast')) return runWithoutParts('unit', 'integration');
  if (process.argv.includes('--long')) return runWithParts(partNames, 'long');
  const projects = ['unit', 'integration', 'real parts', 'vscode'];
  const parts = partsFor(projects);
  return parts ? runWithParts(parts, ...projects) : runWithoutParts(...projects);
}

/** @param {string[]} projects */
function runWithoutParts(...projects) {
  return runBound(vitest('run', projects), { WORKBENCH_LEFT_OUT: partNames.join() });
}

/** @param {PartName[]} parts @param {string[]} projects */
async function runWithParts(parts, ...projects) {
  setUp();
  const { environment, missing, within, end } = await standUp(parts);
  try {
    for (const { why } of missing) process.stderr.write(`Missing part: ${why}\n`);
    if (missing.length > 0 && process.env['CI'] === 'true') return 1;
    const leftOut = missing.map(({ name }) => name).join();
    return await runBound(within(vitest('run', projects)), {
      ...environment,
      WORKBENCH_LEFT_OUT: leftOut,
    });
  } finally {
    await end();
  }
}

/** Returns the parts that the selected files need, or undefined if they need neither parts nor the bundle.
 * @param {string[]} projects @returns {PartName[] | undefined} */
function partsFor(projects) {
  if (args.length === 0) return partNames;
  const [command, line] = vitest('list', projects, '--filesOnly');
  const { status, stdout } = spawnSync(command, line, {
    cwd: root,
    env: lockedEnvironment(),
    encoding: 'utf8',
  });
  if (status !== 0) return partNames;
  // Each line has the form `[project] path`.
  const files = [...stdout.matchAll(/^\[(?:real parts|vscode)\] (.+)$/gm)].map(([, file]) => file);
  if (files.length === 0) return undefined;
  return files.every((file) => file?.startsWith('test/page/')) ? ['chromium', 'python'] : partNames;
}

/** @param {'run' | 'list'} command @param {string[]} projects @param {string[]} options
 * @returns {import('./parts/steps.mjs').Line} */
function vitest(command, projects, ...options) {
  const projectArgs = projects.flatMap((project) => ['--project', project]);
  return [
    lockedNode(),
    ['node_modules/vitest/vitest.mjs', command, ...projectArgs, ...options, ...args],
  ];
}
