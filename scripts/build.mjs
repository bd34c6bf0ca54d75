// Bundles what is shipped into dist/. One file for all bundles, so that they cannot drift apart.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import * as esbuild from 'esbuild';
import { noticesOf, packagesOf } from './notices.mjs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

rmSync('dist', { recursive: true, force: true });

/** @type {Set<string>} */
const packages = new Set();

/** Makes bundles, and keeps track of whose code is in them.
 * @param {import('esbuild').BuildOptions} options */
async function build(options) {
  const { metafile } = await esbuild.build({ ...options, metafile: true });
  const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  for (const folder of packagesOf(bundled)) packages.add(folder);
}

/**
 * Node fills an import of a built-in module by reading everything that the module exports, and what
 * node:http exports includes all of fetch: 25 ms. A require reads only what is used.
 * @type {import('esbuild').Plugin}
 */
const builtInsByRequire = {
  name: 'built-ins by require',
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
 * dockerode can call an engine by ssh, which we do not; what it takes for that is native in part.
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
 * What dockerode says to BuildKit it reads from a file, in a callback where a missing file would end the
 * whole emulator. So it is read here.
 * @type {import('esbuild').Plugin}
 */
const protocolOfBuildKit = {
  name: 'protocol of BuildKit',
  setup(building) {
    building.onLoad({ filter: /[/\\]dockerode[/\\]lib[/\\]session\.js$/ }, ({ path }) => {
      const reading =
        /protoLoader\.loadSync\(\s*path\.resolve\(__dirname, "proto", "auth\.proto"\)\s*\)/;
      const source = readFileSync(path, 'utf8');
      if (!reading.test(source)) throw new Error(`${path} no longer reads auth.proto as it did`);
      const protobuf = createRequire(path)('protobufjs');
      const protocol = protobuf.loadSync(join(dirname(path), 'proto', 'auth.proto')).toJSON();
      const read = `protoLoader.fromJSON(${JSON.stringify(protocol)})`;
      return { contents: source.replace(reading, read) };
    });
  },
};

/** @type {import('esbuild').BuildOptions} */
const node = {
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.16',
  // What is imported at first use stays in a file of its own until then.
  splitting: true,
  // Names stay: stacks are read by people, and keeping names beside short ones costs every start.
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: 'linked',
  sourcesContent: false,
  mainFields: ['module', 'main'],
  define: { VERSION: JSON.stringify(version) },
  // Packages in CommonJS and the built-ins are required; an ES module has no require of its own.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
};

/**
 * The AWS client of the chat page and of `invoke` has modules in common with the wire. In one build the
 * whole of those would be loaded with every start, so they have a build of their own.
 * @type {import('esbuild').Plugin}
 */
const clientsApart = {
  name: 'clients apart',
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
  plugins: [builtInsByRequire, clientsApart, withoutSsh, protocolOfBuildKit],
});
await build({
  ...node,
  entryPoints: { chatPage: 'src/cli/chatPage.ts', callAgent: 'src/cli/callAgent.ts' },
  plugins: [builtInsByRequire],
});

// The chat, for VS Code's webview and for the emulator's page.
await build({
  entryPoints: { chat: 'webview/main.tsx', style: 'webview/style.css' },
  outdir: 'dist/webview',
  bundle: true,
  format: 'esm',
  platform: 'browser',
  // VS Code's Chromium is newer; Safari is the oldest that has what the style sheet needs.
  target: ['chrome128', 'firefox128', 'safari17.5'],
  minify: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
});
for (const file of ['index.html', 'compare.html', 'icon.svg']) {
  cpSync(`webview/${file}`, `dist/webview/${file}`);
}

/**
 * What the extension imports at its first use is a bundle of its own, loaded then: CommonJS cannot be
 * split, and VS Code waits for what is loaded at its start.
 * @type {import('esbuild').Plugin}
 */
const bundlesOfTheirOwn = {
  name: 'bundles of their own',
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
  plugins: [bundlesOfTheirOwn],
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: 'linked',
  sourcesContent: false,
  mainFields: ['module', 'main'],
  logLevel: 'warning',
});

// Loaded by agents' own processes, so it is a file and not part of a bundle.
cpSync('emulator/compute/process/preload', 'dist/preload', {
  recursive: true,
  filter: (file) => !file.endsWith('__pycache__'),
});

// Loaded into the official CLI by the command that runs it.
cpSync('src/cli/officialCliPreload.cjs', 'dist/officialCliPreload.cjs');

writeFileSync('dist/THIRD-PARTY-NOTICES.txt', noticesOf(packages));
