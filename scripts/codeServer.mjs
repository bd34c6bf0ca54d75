// Starts code-server, a VS Code for browsers, with its own settings and extensions. `npm run vscode` and the
// tests use it.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

// Settings that turn off welcome pages, tips, telemetry and updates.
const QUIET = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'window.autoDetectColorScheme': false,
};

/** User settings that trust every folder, so that VS Code does not ask. */
export const TRUSTING = { 'security.workspace.trust.enabled': false };

/**
 * @typedef {object} CodeServer
 * @property {string} url
 * @property {number} pid
 * @property {() => Promise<void>} end Asks the server to end, and kills it after a timeout.
 * @property {() => Promise<void>} kill Kills the server's process group.
 * @property {Promise<unknown>} exited
 */

/** Time for a graceful exit. */
const END_MILLISECONDS = 10_000;

/** Installs the extension, if there is one, and starts code-server.
 * @param {object} options
 * @param {string} options.launcher Path of the code-server program.
 * @param {string} options.home Folder of settings, extensions and data.
 * @param {string} [options.vsix] Path of the extension to install.
 * @param {Readonly<Record<string, unknown>>} [options.settings] Initial user settings.
 * @param {string} [options.password] Without a password, anyone who reaches the address has access. Use that only in tests.
 * @param {readonly string[]} [options.args]
 * @param {NodeJS.ProcessEnv} [options.environment]
 * @returns {Promise<CodeServer>} */
export async function startCodeServer(options) {
  const { launcher, home, vsix, settings, password, args = [], environment } = options;
  const user = join(home, 'data', 'User');
  mkdirSync(user, { recursive: true });
  const settingsFile = join(user, 'settings.json');
  if (!existsSync(settingsFile)) {
    writeFileSync(settingsFile, JSON.stringify({ ...QUIET, ...settings }, null, 2));
  }
  const config = join(home, 'config.yaml');
  const auth = password === undefined ? 'auth: none' : `auth: password\npassword: ${password}`;
  rmSync(config, { force: true });
  writeFileSync(config, `${auth}\nbind-addr: 127.0.0.1:0\n`, { mode: 0o600 });
  const baseArgs = [
    `--config=${config}`,
    `--user-data-dir=${join(home, 'data')}`,
    `--extensions-dir=${join(home, 'extensions')}`,
  ];
  const env = { ...cleanEnvironment(), ...environment };
  if (vsix)
    await promisify(execFile)(launcher, [...baseArgs, '--install-extension', vsix], { env });

  const server = spawn(
    launcher,
    [
      ...baseArgs,
      '--ignore-last-opened',
      '--disable-telemetry',
      '--disable-update-check',
      '--disable-getting-started-override',
      ...args,
    ],
    // In its own process group, so that `kill` also ends its children.
    { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const exited = once(server, 'exit');
  let output = '';
  server.stderr.on('data', (/** @type {Buffer} */ chunk) => (output += chunk.toString()));
  /** @type {Promise<string>} */
  const listening = new Promise((resolve) => {
    createInterface({ input: server.stdout }).on('line', (line) => {
      output += `${line}\n`;
      const address = /listening on (http:\S+?)\/?$/.exec(line)?.[1];
      if (address) resolve(address);
    });
  });
  const url = await Promise.race([listening, exited.then(() => null)]);
  if (url === null)
    throw new Error(`code-server exited before it was ready. Its output:\n${output}`);
  const pid = /** @type {number} */ (server.pid);
  const isRunning = () => server.exitCode === null && server.signalCode === null;

  async function kill() {
    if (isRunning()) process.kill(-pid, 'SIGKILL');
    await exited;
  }

  return {
    url,
    pid,
    exited,
    kill,
    async end() {
      server.kill('SIGTERM');
      await Promise.race([exited, sleep(END_MILLISECONDS, null, { ref: false })]);
      await kill();
    },
  };
}

/** Returns the environment without the variables of a VS Code that this process runs in. */
function cleanEnvironment() {
  const foreign = /^(?:VSCODE_|CODE_SERVER_|ELECTRON_|PORT$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
