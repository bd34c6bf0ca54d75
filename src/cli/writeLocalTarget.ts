import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  isTaken,
  LOCAL_TARGET,
  withLocalRuntimes,
  withLocalTarget,
  type DeployedState,
  type DeploymentTarget,
} from '../core/project/localTarget.ts';
import { withoutToken } from '../shared/emulator.ts';
import { listAgents } from './findTarget.ts';

/** The official CLI cannot run against an emulator. The message includes the fix. */
export class LocalTargetError extends Error {}

/** Adds the emulator's agents to the official CLI's files in a project, as a deployment target. */
export async function writeLocalTarget(root: string, url: string): Promise<void> {
  const agents = await listAgents(url);
  const [first] = agents;
  if (!first) {
    throw new LocalTargetError(
      `The emulator at ${withoutToken(url)} has no agents. Start it in a project with an agent, or deploy an agent to it.`,
    );
  }
  const region = first.arn.split(':')[3] ?? 'us-east-1';
  const targetsFile = join(root, 'agentcore', 'aws-targets.json');
  const stateFile = join(root, 'agentcore', '.cli', 'deployed-state.json');
  const targets = await readJson<DeploymentTarget[]>(targetsFile, []);
  if (isTaken(targets)) {
    throw new LocalTargetError(
      `${targetsFile} already has a target '${LOCAL_TARGET}' that is not the emulator's. Rename it; the emulator requires this name.`,
    );
  }
  await writeJson(targetsFile, targets, withLocalTarget(targets, region));
  const state = await readJson<DeployedState>(stateFile, {});
  await writeJson(stateFile, state, withLocalRuntimes(state, agents));
}

async function readJson<Content>(file: string, fallback: Content): Promise<Content> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new LocalTargetError(`${file} cannot be read: ${error.message}.`);
  });
  try {
    return text === null ? fallback : (JSON.parse(text) as Content);
  } catch (error) {
    throw new LocalTargetError(`${file} is not valid JSON: ${(error as Error).message}.`);
  }
}

/** Writes changed content in one step, because the CLI may read the file at any moment. */
async function writeJson(file: string, before: unknown, after: unknown): Promise<void> {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.part`, `${JSON.stringify(after, null, 2)}\n`);
  await rename(`${file}.part`, file);
}
