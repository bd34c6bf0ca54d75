// Bundles what is shipped into dist/. One file for all bundles, so that they cannot drift apart.
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: { 'agentcore-emulator': 'src/cli/agentcore-emulator.ts' },
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.15',
  // What is imported at first use stays in a file of its own until then.
  splitting: true,
  minify: true,
  keepNames: true,
  sourcemap: 'linked',
  sourcesContent: false,
  mainFields: ['module', 'main'],
  define: { VERSION: JSON.stringify(version) },
  // Packages in CommonJS still call require, which an ES module does not have.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
// Loaded by agents' own processes, so it is a file and not part of a bundle.
cpSync('emulator/compute/process/preload', 'dist/preload', { recursive: true });
