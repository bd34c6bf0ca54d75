import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  isTaken,
  LOCAL_TARGET,
  withLocalRuntimes,
  withLocalTarget,
  type DeployedState,
  type DeploymentTarget,
} from '../core/project/localTarget.ts';
import { withoutToken } from '../shared/emulator.ts';
import { agentsAt } from './findTarget.ts';

/** Why the official CLI cannot be led to an emulator, with the mend. */
export class LocalTargetError extends Error {}

/** The project that a folder is in. */
export function projectAbove(folder: string): string {
  for (let current = resolve(folder); ; current = dirname(current)) {
    if (existsSync(join(current, 'agentcore', 'agentcore.json'))) return current;
    if (current === dirname(current)) {
      throw new LocalTargetError(
        `${folder} is in no project of the official CLI: neither it nor a folder above has agentcore/agentcore.json`,
      );
    }
  }
}

/** Tells the official CLI of the emulator at this address, in the project's files that are the CLI's. */
export async function writeLocalTarget(root: string, url: string): Promise<void> {
  const agents = await agentsAt(url);
  const [first] = agents;
  if (!first) {
    throw new LocalTargetError(
      `the emulator at ${withoutToken(url)} has no agents; start it in a project that has one, or deploy one to it`,
    );
  }
  const region = first.arn.split(':')[3] ?? 'us-east-1';
  const targetsFile = join(root, 'agentcore', 'aws-targets.json');
  const stateFile = join(root, 'agentcore', '.cli', 'deployed-state.json');
  const targets = await readJson<DeploymentTarget[]>(targetsFile, []);
  if (isTaken(targets)) {
    throw new LocalTargetError(
      `${targetsFile} has a target '${LOCAL_TARGET}' of your own; give it another name, as the emulator goes by this one`,
    );
  }
  await writeJson(targetsFile, targets, withLocalTarget(targets, region));
  const state = await readJson<DeployedState>(stateFile, {});
  await writeJson(stateFile, state, withLocalRuntimes(state, agents));
}

async function readJson<Content>(file: string, otherwise: Content): Promise<Content> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new LocalTargetError(`${file} cannot be read: ${error.message}`);
  });
  try {
    return text === null ? otherwise : (JSON.parse(text) as Content);
  } catch (error) {
    throw new LocalTargetError(`${file} is not valid JSON: ${(error as Error).message}`);
  }
}

/** Only what has changed is written, and whole at once: the CLI may read it at any moment. */
async function writeJson(file: string, before: unknown, after: unknown): Promise<void> {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.part`, `${JSON.stringify(after, null, 2)}\n`);
  await rename(`${file}.part`, file);
}
