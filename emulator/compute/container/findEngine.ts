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

/** An engine that answers. */
export interface FoundEngine {
  readonly address: EngineAddress;
  /** What it would build images with if nobody chose. */
  readonly builder: 'buildkit' | 'classic';
  /** Whether it is Docker itself, whatever ships it, and not something that speaks as Docker does. */
  readonly isDocker: boolean;
}

/** Finds the engine of the moment, and stays with one for as long as it answers. */
export interface EngineFinder {
  /** The same object until the engine went away in between; rejects with a NoEngine. */
  find(): Promise<FoundEngine>;
  /** 'available', or why there is none; soon, for those who must not wait. */
  availability(): Promise<string>;
}

/** How long an engine may take to say that it is there. */
const PATIENCE_MILLISECONDS = 5_000;

/** How long those wait who only want to know. */
const GLANCE_MILLISECONDS = 1_000;

/** No engine is looked for yet; where one is chosen, no other will be. */
export function createEngineFinder(chosenHost?: string): EngineFinder {
  const chosen = chosenHost === undefined ? null : parseOption(chosenHost);
  let found: FoundEngine | null = null;
  let looking: Promise<FoundEngine> | null = null;

  async function look(): Promise<FoundEngine> {
    if (found && typeof (await callEngine(found.address)) !== 'string') return found;
    found = null;
    return (found = await findEngine(chosen));
  }
  function find(): Promise<FoundEngine> {
    looking ??= look().finally(() => (looking = null));
    return looking;
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
          GLANCE_MILLISECONDS,
          `the container engine has not answered within ${GLANCE_MILLISECONDS / 1000} s`,
          { ref: false },
        ),
      ]),
  };
}

/** The engine that a user of docker would reach, or a NoEngine that says why there is none. */
async function findEngine(chosen: EngineAddress | null): Promise<FoundEngine> {
  const addresses = chosen ? [chosen] : addressesHere();
  const problems: string[] = [];
  for (const address of addresses) {
    const answer = await callEngine(address);
    if (typeof answer !== 'string') return answer;
    // Most of the places where an engine could be are empty, and nobody expects otherwise.
    if (addresses.length === 1 || !/ENOENT/.test(answer)) problems.push(answer);
  }
  if (problems.length > 0) throw new EngineNotFoundError(problems.join('; '));
  throw new EngineNotFoundError(
    'no container engine found: Docker, Podman, Finch and Colima were looked for where they listen by themselves. Install one and start it, or set DOCKER_HOST',
  );
}

function addressesHere(): EngineAddress[] {
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
    return parseEngineHost(host, `--engine ${host}`);
  } catch (error) {
    throw new OptionError((error as Error).message);
  }
}

/** Whether an engine answers at an address; a string says why not. */
function callEngine(address: EngineAddress): Promise<FoundEngine | string> {
  return new Promise((resolve) => {
    const fail = ({ code, message }: NodeJS.ErrnoException) =>
      resolve(`${address.name} ${explain(code)}${message}`);
    const answered = (status = 0) => `${address.name} answered ${status}, as no engine does`;
    const call = request(
      {
        ...address.place,
        path: '/_ping',
        agent: false,
        signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
      },
      (answer) => {
        answer.resume();
        if (answer.statusCode !== 200) return resolve(answered(answer.statusCode));
        const builder = answer.headers['builder-version'] === '2' ? 'buildkit' : 'classic';
        const isDocker = String(answer.headers['server']).startsWith('Docker/');
        resolve({ address, builder, isDocker });
      },
    );
    call.once('error', fail);
    call.once('upgrade', (_answer, socket) => {
      socket.destroy();
      resolve(answered(101));
    });
    call.end();
  });
}

function explain(code: string | undefined): string {
  if (code === 'EACCES') {
    return 'may not be used by you; on Linux, add yourself to the group docker and log in again: ';
  }
  if (code === 'ABORT_ERR') return `gave no answer in ${PATIENCE_MILLISECONDS / 1000} s: `;
  return 'does not answer; is the engine running? ';
}
