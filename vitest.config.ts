import { existsSync, statfsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Pure tests: no emulator, no server, no process. */
const UNIT = ['test/core/invocation/**/*.test.ts', 'test/{shared,webview}/**/*.test.ts'];

/** Tests that open windows of the VS Code that all of them share. */
const VSCODE = ['test/vscode/**/*.test.ts'];

/** Tests that need the bundle, the sample's packages or a part of `scripts/parts`. */
const REAL_PARTS = [
  'test/{agents,clients,commands,page,parts,templates}/**/*.test.ts',
  'test/emulator/compute/container/**/*.test.ts',
  'test/emulator/wire/boto3.test.ts',
  'test/emulator/services/models/bedrock/boto3.test.ts',
];

/** Tests that take minutes each. */
const LONG = ['test/long/**/*.test.ts'];

/** Settings of every project. */
const common = {
  testTimeout: 30_000,
  hookTimeout: 30_000,
  // A loaded machine can take a second for anything. No test waits longer than it needs to.
  expect: { poll: { timeout: 15_000 } },
  // Files share processes and loaded modules. A process of its own costs each file a second.
  isolate: false,
};

/** Groups run one after another, each with a number of workers of its own. */
const group = (groupOrder: number, maxWorkers: number) => ({
  maxWorkers,
  sequence: { groupOrder },
});

export default defineConfig({
  test: {
    reporters: ['default', './test/support/summaryReporter.ts'],
    globalSetup: 'test/support/globalSetup.ts',
    projects: [
      // More workers than cores: integration tests mostly wait.
      { test: { ...common, name: 'unit', include: UNIT, ...group(1, 5) } },
      {
        test: {
          ...common,
          name: 'integration',
          include: ['test/**/*.test.ts'],
          exclude: [...UNIT, ...VSCODE, ...REAL_PARTS, ...LONG],
          ...group(1, 5),
          env: inMemory('/dev/shm'),
        },
      },
      { test: { ...common, name: 'real parts', include: REAL_PARTS, ...group(2, 3) } },
      // One at a time: a window's color theme is a setting of the server, so of all windows.
      { test: { ...common, name: 'vscode', include: VSCODE, ...group(3, 1) } },
      { test: { ...common, name: 'long', include: LONG, ...group(4, 1) } },
    ],
  },
});

/** Temporary files go to memory where there is room, because SQLite waits for a disk at each commit. */
function inMemory(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > 2 ** 30 ? { TMPDIR: folder } : {};
}
