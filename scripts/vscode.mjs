// `npm run vscode`: packages the extension, installs it into VS Code and opens the sample project, or another
// folder (`npm run vscode -- FOLDER`). If `code` is not on the PATH, sets up and starts code-server, which is
// VS Code in the browser.
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { startCodeServer, TRUSTING } from './codeServer.mjs';
import { cache } from './parts/cache.mjs';
import { standUp } from './parts/parts.mjs';
import { lockedNode, root, run, sample, setUp } from './setup.mjs';

const folder = process.argv[2];
// npm runs scripts in the checkout; INIT_CWD is the folder where the user called npm.
const project = folder ? resolve(process.env['INIT_CWD'] ?? '.', folder) : sample;
if (!existsSync(project)) {
  process.stderr.write(`Folder not found: ${project}\n`);
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
    process.stderr.write(
      `The command "code" is not on the PATH, and code-server is not available. ${missing[0]?.why}\n`,
    );
    process.exitCode = 1;
    return;
  }
  // code-server has a terminal, so it needs a password.
  const password = randomBytes(12).toString('hex');
  const server = await startCodeServer({
    launcher,
    // Each clone has its own extension build and windows.
    home: join(cache, 'vscode', createHash('sha256').update(root).digest('hex').slice(0, 12)),
    vsix,
    password,
    // The user named the project, so it is trusted.
    settings: TRUSTING,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, server.end);
  process.stdout.write(`
VS Code with the extension and ${project} is running at

  ${server.url}/?folder=${encodeURI(project)}

  Password: ${password}

To open the chat, select the AgentCore icon in the activity bar. Press Ctrl-C to stop.
`);
  await server.exited;
}
