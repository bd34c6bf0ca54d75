// The container engine of a test run: the one that answers here already, or one of our own.
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
 * @property {string} host  as DOCKER_HOST says it
 * @property {string} cli  the docker program that fits it
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
let answering;

/** The engine that DOCKER_HOST, docker's context or its default socket leads to, if it answers.
 * @returns {Promise<Engine | undefined>} */
export function answeringEngine() {
  answering ??= (async () => {
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
  return answering;
}

/** Whether an engine of our own can be started. */
export function canStartEngine() {
  return canConfine && which('dockerd') !== undefined;
}

/** Starts an engine of our own, which ends with this process at the latest. Engines that run at
 * once have slots: each its own network, and its own data, in which base images last.
 * @returns {Promise<OwnEngine>} */
export async function startEngine() {
  for (let slot = 0; slot < 16; slot += 1) {
    const engine = await startIn(slot);
    if (engine) return engine;
  }
  throw new Error('16 engines of other test runs are up; wait for one to end');
}

/** @param {number} slot @returns {Promise<OwnEngine | undefined>} */
async function startIn(slot) {
  // Short, because a socket's path may not exceed 108 characters; and one place on the machine, as
  // networks have names there.
  const run = `/run/agentcore-workbench/${slot}`;
  const [lock, log, socket] = [`${run}.lock`, `${run}.log`, `${run}/docker.sock`];
  mkdirSync('/run/agentcore-workbench', { recursive: true });
  const script = fileURLToPath(new URL('network.sh', import.meta.url));
  const data = join(cache, `engine-${slot}`);
  const keeper = spawn(
    'flock',
    // The lock is inherited: the slot is free when the last process in it has ended. One that is
    // just ending is waited for.
    ['--no-fork', '--timeout', '2', lock, 'sh', script, String(slot), run, data, log],
    // A group of its own, so that Ctrl-C ends it through us and not at once.
    { detached: true, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const exited = once(keeper, 'exit');
  await Promise.race([once(keeper.stdout, 'data'), exited]);
  if (keeper.exitCode !== null) return undefined;

  const end = async () => {
    keeper.stdin.end();
    await exited;
  };
  const late = Date.now() + 60_000;
  while (!(await answers(socket))) {
    if (keeper.exitCode !== null || Date.now() > late) {
      await end();
      throw new Error(
        `none came up on ${data}, which may be deleted if it is damaged; ${log} ends:\n${tail(log)}`,
      );
    }
    await sleep(50);
  }
  const host = `unix://${socket}`;
  // The program that was installed with the engine; the PATH may have one too new for it.
  const cli = existsSync('/usr/bin/docker') ? '/usr/bin/docker' : (which('docker') ?? 'docker');
  // Builds by the engine itself: BuildKit needs a plugin that Debian 12 does not have.
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
