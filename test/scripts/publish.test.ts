import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { publish, readPublished } from '../../scripts/publish.mjs';
import { useFolder } from '../support/agents.ts';

/** Returns a build whose program imports a part lazily. The part's name has the build's hash. */
function createBuild(version: string) {
  const part = `part-${version.padStart(8, '0')}.mjs`;
  return new Map([
    ['program.mjs', `export const importPart = () => import('./${part}');`],
    [join('preload', 'node.cjs'), `// ${'x'.repeat(1_000_000)}\nmodule.exports = 'complete';`],
    [part, `export const version = '${version}';`],
  ]);
}

test('A program of the previous build can still import its parts after a build.', async () => {
  const folder = await useFolder();
  publish(folder, createBuild('1'));
  const running = (await import(pathToFileURL(join(folder, 'program.mjs')).href)) as {
    importPart(): Promise<{ version: string }>;
  };
  publish(folder, createBuild('2'));
  expect(await running.importPart()).toMatchObject({ version: '1' });
  publish(folder, createBuild('3'));
  expect(existsSync(join(folder, 'part-00000001.mjs'))).toBe(false);
  expect(existsSync(join(folder, 'part-00000002.mjs'))).toBe(true);
  expect(readPublished(folder)).toEqual([...createBuild('3').keys()]);
});

test('While a build replaces a file, the file is never missing or incomplete.', async () => {
  const folder = await useFolder();
  publish(folder, createBuild('0'));
  const done = new Int32Array(new SharedArrayBuffer(4));
  const reader = new Worker(
    `const { readFileSync } = require('node:fs');
    const { parentPort, workerData: { file, done } } = require('node:worker_threads');
    let reads = 0;
    function read() {
      if (!readFileSync(file, 'utf8').endsWith("'complete';")) throw new Error('incomplete');
      if (++reads === 1) parentPort.postMessage('reading');
      if (Atomics.load(done, 0) === 1) parentPort.postMessage(reads);
      else setImmediate(read);
    }
    read();`,
    { eval: true, workerData: { file: join(folder, 'preload', 'node.cjs'), done } },
  );
  await once(reader, 'message');
  for (let build = 1; build <= 50; build++) publish(folder, createBuild(String(build)));
  Atomics.store(done, 0, 1);
  const [reads] = (await once(reader, 'message')) as [number];
  expect(reads).toBeGreaterThan(1);
});
