// `npm start`: serves the sample project, or another one (`npm start -- FOLDER`), from a fresh clone.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { lockedNode, root, sample, setUp } from './setup.mjs';

const args = process.argv.slice(2);
// npm runs scripts in the checkout; INIT_CWD is the folder where the user called npm.
const from = process.env['INIT_CWD'] ?? '.';
const [first = '', ...options] = args;
const isFolder = first !== '' && !first.startsWith('-');
if (isFolder && !existsSync(resolve(from, first))) {
  process.stderr.write(`Folder not found: ${resolve(from, first)}\n`);
  process.exit(2);
}
const project = isFolder ? [resolve(from, first), ...options] : [sample, ...args];

setUp();
const emulator = spawn(lockedNode(), [join(root, 'dist', 'agentcore-emulator.js'), ...project], {
  stdio: ['ignore', 'pipe', 'inherit'],
});

// Ctrl-C also reaches the emulator, which ends its sessions and exits; then this process exits. Signals to this
// process alone are forwarded.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => emulator.kill('SIGTERM'));
emulator.once('exit', (code) => {
  process.exitCode = code ?? 1;
});

// The first line is for programs. The log repeats it for people, except for a token.
for await (const line of createInterface({ input: emulator.stdout })) {
  if (!line.startsWith('{')) {
    process.stdout.write(`${line}\n`);
    continue;
  }
  const { url } = /** @type {{ url: string }} */ (JSON.parse(line));
  if (url.includes('/@')) process.stdout.write(`Chat in your browser: ${url}/\n`);
  process.stderr.write('Press Ctrl+C to stop the emulator and all sessions.\n');
}
