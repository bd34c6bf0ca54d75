import { dirname, resolve } from 'node:path';
import { PLACEHOLDER_CREDENTIALS } from '../aws/credentials.ts';
import type { CallableTarget, CallerCredentials } from '../aws/targetClient.ts';
import { createAdminClient, RequestRefused } from '../core/emulatorClient/adminClient.ts';
import { findRunningEmulator } from '../core/emulator/runningEmulator.ts';
import { LOCAL_ACCOUNT } from '../core/project/localTarget.ts';
import { withoutToken, type AgentSummary } from '../shared/emulator.ts';
import { refused, TargetError, unreachable } from './targetError.ts';

const ARN = /^arn:aws[a-z-]*:bedrock-agentcore:([a-z0-9-]+):(\d{12}):runtime\/[^/]+$/;

/** A runtime to call, and the credentials to call it with. */
export type FoundTarget = Omit<CallableTarget, 'qualifier'> &
  Pick<CallerCredentials, 'credentials'>;

/**
 * Resolves a name, an id or an ARN to an agent of the emulator at this endpoint, or of the one that
 * runs for this folder; otherwise to the runtime in AWS with this ARN.
 */
export async function findTarget(
  name: string,
  endpoint: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<FoundTarget> {
  const url = endpoint?.replace(/\/+$/, '') ?? (await findEmulatorAbove(process.cwd()));
  const local = url === null ? [] : await listAgents(url);
  const found = local.find((agent) => listNames(agent).includes(name));
  if (url !== null && found) {
    const region = ARN.exec(found.arn)?.[1] ?? 'us-east-1';
    // An emulator that verifies signatures does so with keys that the developer also has. Others
    // accept any, so a profile that does not exist or has expired must not matter.
    const own = namesCredentials(environment) ? await loadOwnCredentials(region) : null;
    return {
      endpoint: url,
      region,
      runtimeArn: found.arn,
      credentials: own ?? PLACEHOLDER_CREDENTIALS,
    };
  }
  const [arn, region, account] = ARN.exec(name) ?? [];
  const isOnAws = account !== undefined && account !== LOCAL_ACCOUNT && endpoint === undefined;
  if (isOnAws && region !== undefined) return { region, runtimeArn: name };
  if (url !== null) {
    throw new TargetError(
      `The emulator at ${withoutToken(url)} has no agent '${name}'. Its agents: ${list(local)}.`,
    );
  }
  const fixes =
    'Start one with agentcore-emulator, or pass the URL of another with --endpoint URL.';
  throw new TargetError(
    arn === undefined
      ? `Agent '${name}' not found: no emulator is running for this folder. ${fixes} Emulators that run with --ephemeral or --data are found only by URL. For an agent in AWS, use its ARN.`
      : `${arn} is a local agent, and no emulator is running for this folder. ${fixes}`,
  );
}

async function findEmulatorAbove(folder: string): Promise<string | null> {
  for (let current = resolve(folder); ; current = dirname(current)) {
    const url = await findRunningEmulator(current);
    if (url !== null || current === dirname(current)) return url;
  }
}

/** Lists the agents of an emulator; throws a TargetError where it does not answer or refuses. */
export async function listAgents(url: string): Promise<readonly AgentSummary[]> {
  try {
    return await createAdminClient(url).agents();
  } catch (error) {
    const { message } = error as Error;
    throw error instanceof RequestRefused ? refused(url, message) : unreachable(url, message);
  }
}

/** The SDK is loaded only here, because this module belongs to the start of every command. */
async function loadOwnCredentials(region: string) {
  const { findOwnCredentials } = await import('../aws/ownCredentials.ts');
  return findOwnCredentials(region);
}

function namesCredentials(environment: NodeJS.ProcessEnv): boolean {
  return ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE'].some((name) => Boolean(environment[name]));
}

/** Returns an agent's name in its project and in AWS, its id and its ARN. */
function listNames({ name, runtimeId, arn }: AgentSummary): string[] {
  return [name, runtimeId.replace(/-[^-]*$/, ''), runtimeId, arn];
}

function list(agents: readonly AgentSummary[]): string {
  return agents.map(({ name }) => name).join(', ') || 'none';
}
