// `npm run vscode`: packages the extension, installs it into VS Code and opens the sample project there,
// or the folder that is named (`npm run vscode -- FOLDER`).
// Where `code` is not on the PATH, a code-server is set up, which is VS Code in the browser.
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { startCodeServer, TRUSTING } from './codeServer.mjs';
import { cache } from './parts/cache.mjs';
import { standUp } from './parts/parts.mjs';
import { lockedNode, root, run, sample, setUp } from './setup.mjs';

const named = process.argv[2];
// npm runs scripts in the checkout, wherever it was called.
const project = named ? resolve(process.env['INIT_CWD'] ?? '.', named) : sample;
if (!existsSync(project)) {
  process.stderr.write(`there is no folder ${project}\n`);
  process.exit(2);
}

setUp();
run(lockedNode(), ['scripts/package.mjs']);
const vsix = join(root, 'dist', 'agentcore-workbench.vsix');

const { status } = spawnSync('code', ['--version'], { shell: process.platform === 'win32' });
if (status === 0) {
  run('code', ['--install-extension', vsix, '--force']);
  run('code', [project]);
} else {
  await serve();
}

async function serve() {
  const { environment, missing } = await standUp(['codeServer']);
  const launcher = environment['WORKBENCH_CODE_SERVER'];
  if (launcher === undefined) {
    process.stderr.write(`VS Code's command "code" is not on the PATH. ${missing[0]?.why}\n`);
    process.exitCode = 1;
    return;
  }
  // It has a terminal, so it is not for everybody who can reach the address.
  const password = randomBytes(12).toString('hex');
  const server = await startCodeServer({
    launcher,
    // Another clone has another extension, and its own windows.
    home: join(cache, 'vscode', createHash('sha256').update(root).digest('hex').slice(0, 12)),
    vsix,
    password,
    // Whoever opens a project by name trusts it.
    settings: TRUSTING,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, server.end);
  process.stdout.write(`
VS Code with the extension and the project ${project} is at

  ${server.url}/?folder=${encodeURI(project)}

  Password: ${password}

The chat is behind the icon with a prompt in a speech bubble. Ctrl-C ends it.
`);
  await server.exited;
}
