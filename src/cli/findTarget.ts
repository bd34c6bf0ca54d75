import { dirname, resolve } from 'node:path';
import { ANY_CREDENTIALS, listLocalAgents } from '../aws/localAgents.ts';
import type { Target } from '../aws/targetClient.ts';
import { findRunningEmulator } from '../core/emulator/runningEmulator.ts';
import { LOCAL_ACCOUNT } from '../core/project/localTarget.ts';
import { withoutToken, type AgentSummary } from '../shared/emulator.ts';

/** Why there is nothing to call, with the mend. */
export class TargetError extends Error {}

const ARN = /^arn:aws[a-z-]*:bedrock-agentcore:([a-z0-9-]+):(\d{12}):runtime\/[^/]+$/;

/**
 * Whom a name, an id or an ARN means: an agent of the emulator at this address or of the one that
 * runs for this folder, else the runtime of this ARN in AWS.
 */
export async function findTarget(
  name: string,
  endpoint: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<Target> {
  const url = endpoint?.replace(/\/+$/, '') ?? (await emulatorOf(process.cwd()));
  const local = url === null ? [] : await agentsAt(url);
  const found = local.find((agent) => namesOf(agent).includes(name));
  if (url !== null && found) {
    return {
      endpoint: url,
      region: ARN.exec(found.arn)?.[1] ?? 'us-east-1',
      runtimeArn: found.arn,
      // Where signatures are verified, it is by keys that the developer has, too.
      ...(hasOwnCredentials(environment) ? {} : { credentials: ANY_CREDENTIALS }),
    };
  }
  const [arn, region, account] = ARN.exec(name) ?? [];
  if (arn !== undefined && region !== undefined && endpoint === undefined) {
    if (account !== LOCAL_ACCOUNT) return { region, runtimeArn: arn };
    throw new TargetError(
      url === null
        ? `${arn} is a local agent, and no emulator runs for this folder; start one with agentcore-emulator, or name one with --endpoint URL`
        : `the emulator at ${withoutToken(url)} has no agent ${arn}; it has ${list(local)}`,
    );
  }
  throw new TargetError(
    url === null
      ? `no emulator is found for this folder that could have an agent '${name}'; start one with agentcore-emulator, name one with --endpoint URL, as one with --ephemeral or --data must be, or give the ARN of a runtime in AWS`
      : `the emulator at ${withoutToken(url)} has no agent '${name}'; it has ${list(local)}`,
  );
}

async function emulatorOf(folder: string): Promise<string | null> {
  for (let current = resolve(folder); ; current = dirname(current)) {
    const url = await findRunningEmulator(current);
    if (url !== null || current === dirname(current)) return url;
  }
}

/** The agents of the emulator at this address, which a command is to call. */
export async function agentsAt(url: string): Promise<AgentSummary[]> {
  try {
    return await listLocalAgents(url);
  } catch (error) {
    throw new TargetError(
      `no emulator answers at ${withoutToken(url)} (${(error as Error).message}); start one with agentcore-emulator, or name another with --endpoint URL`,
    );
  }
}

function hasOwnCredentials(environment: NodeJS.ProcessEnv): boolean {
  return ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE'].some((name) => Boolean(environment[name]));
}

/** An agent's name in its project and in AWS, its id and its ARN. */
function namesOf({ name, runtimeId, arn }: AgentSummary): string[] {
  return [name, runtimeId.replace(/-[^-]*$/, ''), runtimeId, arn];
}

function list(agents: readonly AgentSummary[]): string {
  return agents.map(({ name }) => name).join(', ') || 'none';
}
