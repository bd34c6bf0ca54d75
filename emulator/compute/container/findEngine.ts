import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { OptionError } from '../../optionError.ts';
import {
  engineAddresses,
  EngineNotFoundError,
  parseEngineHost,
  type EngineAddress,
} from './engineAddress.ts';

/** An engine that responds. */
export interface FoundEngine {
  readonly address: EngineAddress;
  /** The default builder. */
  readonly builder: 'buildkit' | 'classic';
  /** True for Docker itself, false for engines with a Docker-compatible API. */
  readonly isDocker: boolean;
}

/** Finds the current engine and keeps it while it responds. */
export interface EngineFinder {
  /** Returns the same object while the engine responds. Rejects with EngineNotFoundError. */
  find(): Promise<FoundEngine>;
  /** Resolves with 'available' or a reason, after one second at most. */
  availability(): Promise<string>;
}

/** Time for an engine to respond. */
const PING_MILLISECONDS = 5_000;

/** Time limit of `availability`. */
const AVAILABILITY_MILLISECONDS = 1_000;

/** Creates a finder. With a chosen host, no other engine is tried. */
export function createEngineFinder(chosenHost?: string): EngineFinder {
  const chosen = chosenHost === undefined ? null : parseOption(chosenHost);
  let found: FoundEngine | null = null;
  let search: Promise<FoundEngine> | null = null;

  async function findOrKeep(): Promise<FoundEngine> {
    if (found && typeof (await callEngine(found.address)) !== 'string') return found;
    found = null;
    return (found = await findEngine(chosen));
  }
  function find(): Promise<FoundEngine> {
    search ??= findOrKeep().finally(() => (search = null));
    return search;
  }

  return {
    find,
    availability: () =>
      Promise.race([
        find().then(
          () => 'available',
          (error: Error) => error.message,
        ),
        sleep(
          AVAILABILITY_MILLISECONDS,
          `the container engine did not respond within ${AVAILABILITY_MILLISECONDS / 1000} s`,
          { ref: false },
        ),
      ]),
  };
}

/** Finds the engine that the docker command would use. Throws EngineNotFoundError. */
async function findEngine(chosen: EngineAddress | null): Promise<FoundEngine> {
  const addresses = chosen ? [chosen] : localAddresses();
  const problems: string[] = [];
  for (const address of addresses) {
    const answer = await callEngine(address);
    if (typeof answer !== 'string') return answer;
    // Most default sockets do not exist, which is not worth a message.
    if (addresses.length === 1 || !/ENOENT/.test(answer)) problems.push(answer);
  }
  if (problems.length > 0) throw new EngineNotFoundError(problems.join('; '));
  throw new EngineNotFoundError(
    'no container engine found at the default sockets of Docker, Podman, Finch and Colima. Install and start one, or set DOCKER_HOST',
  );
}

function localAddresses(): EngineAddress[] {
  return engineAddresses({
    platform: process.platform,
    home: homedir(),
    environment: process.env,
    read(file) {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return null;
      }
    },
  });
}

function parseOption(host: string): EngineAddress {
  try {
    return parseEngineHost(host, host);
  } catch (error) {
    throw new OptionError('engine', (error as Error).message);
  }
}

/** Calls the engine at an address. A string explains why it is unusable. */
function callEngine(address: EngineAddress): Promise<FoundEngine | string> {
  return new Promise((resolve) => {
    const fail = ({ code, message }: NodeJS.ErrnoException) =>
      resolve(`${address.name} ${explain(code)}${message}`);
    const badStatus = (status = 0) =>
      `${address.name} responded with ${status}, so it is not a container engine`;
    const call = request(
      {
        ...address.place,
        path: '/_ping',
        agent: false,
        signal: AbortSignal.timeout(PING_MILLISECONDS),
      },
      (answer) => {
        answer.resume();
        if (answer.statusCode !== 200) return resolve(badStatus(answer.statusCode));
        const builder = answer.headers['builder-version'] === '2' ? 'buildkit' : 'classic';
        const isDocker = String(answer.headers['server']).startsWith('Docker/');
        resolve({ address, builder, isDocker });
      },
    );
    call.once('error', fail);
    call.once('upgrade', (_answer, socket) => {
      socket.destroy();
      resolve(badStatus(101));
    });
    call.end();
  });
}

function explain(code: string | undefined): string {
  if (code === 'EACCES') {
    return 'denied access. On Linux, add yourself to the group docker and log in again: ';
  }
  if (code === 'ABORT_ERR') return `did not respond within ${PING_MILLISECONDS / 1000} s: `;
  return 'does not respond. Is the engine running? ';
}
