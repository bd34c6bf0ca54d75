// `npm run bench`: sets up what is measured, then prints one table. A timing never fails anything.
import process from 'node:process';
import { standUp } from './parts/parts.mjs';
import { runBound } from './parts/steps.mjs';
import { lockedNode, setUp } from './setup.mjs';

setUp();
const { environment, missing, within, end } = await standUp(['engine', 'images', 'chromium']);
for (const { why } of missing) process.stderr.write(`Not measured without it: ${why}\n`);
try {
  const line = within([
    lockedNode(),
    ['--import', './bench/resolution.ts', 'bench/bench.ts', ...process.argv.slice(2)],
  ]);
  process.exitCode = await runBound(line, environment);
} finally {
  await end();
}
