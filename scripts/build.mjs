// Builds all shipped bundles into dist/. One script builds them all, so that their options stay the same.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import * as esbuild from 'esbuild';
import { createNotices, findPackages } from './notices.mjs';
import { publish } from './publish.mjs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** @type {Set<string>} */
const packages = new Set();

/** Content of each file of this build, by its path in dist/.
 * @type {Map<string, string | Uint8Array>} */
const files = new Map();

/** Builds bundles, and collects their files and the packages whose code they contain.
 * @param {import('esbuild').BuildOptions} options */
async function build(options) {
  const { metafile, outputFiles } = await esbuild.build({
    ...options,
    metafile: true,
    write: false,
  });
  for (const { path, contents } of outputFiles) {
    files.set(relative(resolve('dist'), path), contents);
  }
  const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  for (const folder of findPackages(bundled)) packages.add(folder);
}

/**
 * An ES import of a built-in module reads every export of the module. For node:http that loads all of
 * fetch, which takes 25 ms. A require reads only the exports that are used.
 * @type {import('esbuild').Plugin}
 */
const requireBuiltIns = {
  name: 'require built-ins',
  setup(building) {
    building.onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'require-call' ? { path, external: true } : { path, namespace: 'built-in' },
    );
    building.onLoad({ filter: /./, namespace: 'built-in' }, ({ path }) => ({
      contents: `module.exports = require('${path}');`,
    }));
  },
};

/**
 * Replaces ssh2, which dockerode needs only for engines over SSH. It has native code, and we do not use it.
 * @type {import('esbuild').Plugin}
 */
const withoutSsh = {
  name: 'without ssh',
  setup(building) {
    building.onResolve({ filter: /^ssh2$/ }, () => ({ path: 'ssh2', namespace: 'left-out' }));
    building.onLoad({ filter: /./, namespace: 'left-out' }, () => ({
      contents: 'module.exports = {};',
    }));
  },
};

/**
 * Inlines the protocol file that dockerode reads for BuildKit. dockerode reads it in a callback, where a
 * missing file would crash the emulator.
 * @type {import('esbuild').Plugin}
 */
const inlineBuildKitProtocol = {
  name: 'inline BuildKit protocol',
  setup(building) {
    building.onLoad({ filter: /[/\\]dockerode[/\\]lib[/\\]session\.js$/ }, ({ path }) => {
      const readPattern =
        /protoLoader\.loadSync\(\s*path\.resolve\(__dirname, "proto", "auth\.proto"\)\s*\)/;
      const source = readFileSync(path, 'utf8');
      if (!readPattern.test(source))
        throw new Error(
          `${path} no longer reads auth.proto in the expected way. Update scripts/build.mjs.`,
        );
      const protobuf = createRequire(path)('protobufjs');
      const protocol = protobuf.loadSync(join(dirname(path), 'proto', 'auth.proto')).toJSON();
      const inlined = `protoLoader.fromJSON(${JSON.stringify(protocol)})`;
      return { contents: source.replace(readPattern, inlined) };
    });
  },
};

/**
 * Bundles only the pool of undici. All of undici takes twice the time to load and twice the space.
 * @type {import('esbuild').Plugin}
 */
const onlyPool = {
  name: 'only the pool of undici',
  setup(building) {
    building.onLoad({ filter: /[/\\]undici[/\\]index\.js$/ }, ({ path }) => ({
      contents: `export { default as Pool } from './lib/dispatcher/pool.js';`,
      resolveDir: dirname(path),
    }));
  },
};

/** @type {import('esbuild').BuildOptions} */
const node = {
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.16',
  // Dynamic imports stay in separate files, which are loaded at first use.
  splitting: true,
  // Names are kept for readable stack traces; esbuild's keepNames would slow down every start.
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: 'linked',
  sourcesContent: false,
  mainFields: ['module', 'main'],
  define: { VERSION: JSON.stringify(version) },
  // Defines `require`, which an ES module lacks, for CommonJS packages and built-in modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
};

/**
 * Builds the AWS clients of the chat page and of `invoke` separately. They share modules with the wire, and
 * a common build would load those modules completely at every start.
 * @type {import('esbuild').Plugin}
 */
const separateClients = {
  name: 'separate clients',
  setup(building) {
    building.onResolve({ filter: /\/(?:chatPage|callAgent)\.ts$/ }, ({ path }) => ({
      path: path.replace(/\.ts$/, '.js'),
      external: true,
    }));
  },
};

await build({
  ...node,
  entryPoints: { 'agentcore-emulator': 'src/cli/agentcore-emulator.ts' },
  plugins: [requireBuiltIns, separateClients, withoutSsh, inlineBuildKitProtocol, onlyPool],
});
await build({
  ...node,
  entryPoints: { chatPage: 'src/cli/chatPage.ts', callAgent: 'src/cli/callAgent.ts' },
  plugins: [requireBuiltIns],
});

// The chat, for VS Code's webview and for the emulator's page.
await build({
  entryPoints: { chat: 'webview/main.tsx', style: 'webview/style.css' },
  outdir: 'dist/webview',
  bundle: true,
  format: 'esm',
  platform: 'browser',
  // VS Code's Chromium is newer. The Safari version is the oldest that supports the style sheet.
  target: ['chrome128', 'firefox128', 'safari17.5'],
  minify: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
});
for (const file of ['index.html', 'compare.html', 'icon.svg']) {
  files.set(join('webview', file), readFileSync(`webview/${file}`));
}

/**
 * Turns dynamic imports of the extension into separate bundles. esbuild cannot split CommonJS, and VS Code
 * waits for everything that activation loads.
 * @type {import('esbuild').Plugin}
 */
const separateDynamicImports = {
  name: 'separate dynamic imports',
  setup(building) {
    building.onResolve({ filter: /^\./ }, ({ path, kind }) =>
      kind === 'dynamic-import'
        ? { path: `./${basename(path, '.ts')}.cjs`, external: true }
        : undefined,
    );
  },
};

await build({
  entryPoints: {
    extension: 'src/extension.ts',
    emulatorChat: 'src/vscode/emulatorChat.ts',
    deployedRuntimes: 'src/aws/deployedRuntimes.ts',
    adminApi: 'src/shared/schemas/adminApi.ts',
    'test/inHost': 'test/vscode/inHost.ts',
  },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  supported: { 'dynamic-import': false },
  external: ['vscode'],
  plugins: [separateDynamicImports],
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: 'linked',
  sourcesContent: false,
  mainFields: ['module', 'main'],
  logLevel: 'warning',
});

// Agents' processes load these files, so they are not part of a bundle.
const preload = 'emulator/compute/process/preload';
for (const entry of readdirSync(preload, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (!entry.isFile() || path.includes('__pycache__')) continue;
  files.set(join('preload', relative(preload, path)), readFileSync(path));
}

// The official CLI's process loads this file.
files.set('officialCliPreload.cjs', readFileSync('src/cli/officialCliPreload.cjs'));

files.set('THIRD-PARTY-NOTICES.txt', createNotices(packages));

publish('dist', files);
