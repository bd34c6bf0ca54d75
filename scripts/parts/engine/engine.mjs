// The container engine of a test run: a running engine, or one that the test run starts.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cache } from '../cache.mjs';
import { canConfine, lastLines, step, which } from '../steps.mjs';

/**
 * @typedef {object} Engine
 * @property {string} host  Address in DOCKER_HOST format.
 * @property {string} cli  Path of a docker program that works with the engine.
 */
/**
 * @typedef {Engine & {
 *   docker: (...args: string[]) => Promise<string>,
 *   within: (line: Line) => Line,
 *   end: () => Promise<void>,
 * }} OwnEngine
 */

/** @typedef {import('../steps.mjs').Line} Line */

/** @type {Promise<Engine | undefined> | undefined} */
let running;

/** Returns the engine at DOCKER_HOST, the docker context or the default socket, if it answers.
 * @returns {Promise<Engine | undefined>} */
export function findRunningEngine() {
  running ??= (async () => {
    const cli = which('docker');
    if (!cli) return undefined;
    try {
      await step(cli, ['version', '--format', '{{.Server.Version}}']);
      const host = await step(cli, [
        'context',
        'inspect',
        '--format',
        '{{.Endpoints.docker.Host}}',
      ]);
      return { host, cli };
    } catch {
      return undefined;
    }
  })();
  return running;
}

/** True when this machine can start an engine for the test run. */
export function canStartEngine() {
  return canConfine && which('dockerd') !== undefined;
}

/** Starts an engine, which ends with this process at the latest. Concurrent engines use slots. Each slot has its
 * own network, and its own data folder, which keeps base images between runs.
 * @returns {Promise<OwnEngine>} */
export async function startEngine() {
  for (let slot = 0; slot < 16; slot += 1) {
    const engine = await startInSlot(slot);
    if (engine) return engine;
  }
  throw new Error('16 engines of other test runs are running. Wait until one ends.');
}

/** @param {number} slot @returns {Promise<OwnEngine | undefined>} */
async function startInSlot(slot) {
  // The path is short, because a socket path is limited to 108 characters. It is the same for all users, because
  // network names are global.
  const run = `/run/agentcore-workbench/${slot}`;
  const [lock, log, socket] = [`${run}.lock`, `${run}.log`, `${run}/docker.sock`];
  mkdirSync('/run/agentcore-workbench', { recursive: true });
  const script = fileURLToPath(new URL('network.sh', import.meta.url));
  const data = join(cache, `engine-${slot}`);
  const keeper = spawn(
    'flock',
    // Child processes inherit the lock: the slot is free when the last of them has exited. The timeout waits for
    // an engine that is shutting down.
    ['--no-fork', '--timeout', '2', lock, 'sh', script, String(slot), run, data, log],
    // In its own process group, so that Ctrl-C does not kill the engine before it is shut down.
    { detached: true, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const exited = once(keeper, 'exit');
  await Promise.race([once(keeper.stdout, 'data'), exited]);
  if (keeper.exitCode !== null) return undefined;

  const end = async () => {
    keeper.stdin.end();
    await exited;
  };
  const deadline = Date.now() + 60_000;
  while (!(await answers(socket))) {
    if (keeper.exitCode !== null || Date.now() > deadline) {
      await end();
      throw new Error(
        `The engine did not start. If its data is damaged, delete ${data}. End of ${log}:\n${tail(log)}`,
      );
    }
    await sleep(50);
  }
  const host = `unix://${socket}`;
  // Prefer the docker program that was installed with the engine; one from the PATH may be too new.
  const cli = existsSync('/usr/bin/docker') ? '/usr/bin/docker' : (which('docker') ?? 'docker');
  // The classic builder: BuildKit needs a plugin that Debian 12 does not have.
  const env = { ...process.env, DOCKER_HOST: host, DOCKER_BUILDKIT: '0' };
  return {
    host,
    cli,
    docker: (...args) => step(cli, args, { env }),
    within: ([command, args]) => [
      'nsenter',
      [`--net=/run/netns/workbench${slot}`, command, ...args],
    ],
    end,
  };
}

/** @param {string} socketPath @returns {Promise<boolean>} */
function answers(socketPath) {
  return new Promise((resolve) => {
    request({ socketPath, path: '/_ping' }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    })
      .once('error', () => resolve(false))
      .end();
  });
}

/** @param {string} file */
function tail(file) {
  return existsSync(file) ? lastLines(readFileSync(file, 'utf8')) : '(no log)';
}
