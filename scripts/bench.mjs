// `npm run bench`: sets up the measurements and prints one table. A slow result never fails the run.
import process from 'node:process';
import { standUp } from './parts/parts.mjs';
import { runBound } from './parts/steps.mjs';
import { lockedNode, setUp } from './setup.mjs';

setUp();
const { environment, missing, within, end } = await standUp(['engine', 'images', 'chromium']);
for (const { why } of missing)
  process.stderr.write(`Skipping measurements that need a missing part. ${why}\n`);
try {
  const line = within([
    lockedNode(),
    ['--import', './bench/resolution.ts', 'bench/bench.ts', ...process.argv.slice(2)],
  ]);
  process.exitCode = await runBound(line, environment);
} finally {
  await end();
}
