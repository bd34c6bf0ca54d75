// A real VS Code that is served to browsers, with everything of its own: for `npm run vscode` and for
// the tests.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

// So that nothing comes up, moves or calls home but what was asked for.
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

/** User settings in which every folder is trusted, so that VS Code does not ask. */
export const TRUSTING = { 'security.workspace.trust.enabled': false };

/**
 * @typedef {object} CodeServer
 * @property {string} url
 * @property {number} pid
 * @property {() => Promise<void>} end Asks it to end, and kills it when it does not.
 * @property {() => Promise<void>} kill Ends it at once, with all that is of its process group.
 * @property {Promise<unknown>} exited
 */

/** How long it may take to end by itself. */
const END_MILLISECONDS = 10_000;

/** Starts it when an extension has been installed.
 * @param {object} options
 * @param {string} options.launcher The program.
 * @param {string} options.home The folder of all that it keeps.
 * @param {string} [options.vsix] The extension.
 * @param {Readonly<Record<string, unknown>>} [options.settings] What the user's settings begin with.
 * @param {string} [options.password] Without one, whoever reaches the address is let in: for tests.
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
  const own = [
    `--config=${config}`,
    `--user-data-dir=${join(home, 'data')}`,
    `--extensions-dir=${join(home, 'extensions')}`,
  ];
  const env = { ...ownEnvironment(), ...environment };
  if (vsix) await promisify(execFile)(launcher, [...own, '--install-extension', vsix], { env });

  const server = spawn(
    launcher,
    [
      ...own,
      '--ignore-last-opened',
      '--disable-telemetry',
      '--disable-update-check',
      '--disable-getting-started-override',
      ...args,
    ],
    // A group of its own: what it starts would outlive it.
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
  if (url === null) throw new Error(`code-server ended before it served:\n${output}`);
  const pid = /** @type {number} */ (server.pid);
  const runs = () => server.exitCode === null && server.signalCode === null;

  async function kill() {
    if (runs()) process.kill(-pid, 'SIGKILL');
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

/** The environment without what a VS Code around us has put into it. */
function ownEnvironment() {
  const foreign = /^(?:VSCODE_|CODE_SERVER_|ELECTRON_|PORT$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
