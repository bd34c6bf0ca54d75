import type { AgentProtocol } from './emulator.ts';

/** Authorization of an agent's callers: SigV4, or a bearer token of an identity provider. */
export type Authorization = 'signature' | 'token';

/**
 * A runtime's endpoint and how to call it. A local target differs from one in AWS by `endpoint`
 * alone, and by the credentials that its caller chooses.
 */
export interface Target {
  /** URL of the emulator; absent for AWS. */
  readonly endpoint?: string;
  /** AWS profile; absent for the credentials of the environment. */
  readonly profile?: string;
  readonly region: string;
  readonly runtimeArn: string;
  /** Name of the runtime's endpoint. */
  readonly qualifier: string;
  readonly protocol: AgentProtocol;
  readonly authorization: Authorization;
  /** Memory that the agent uses, if known. */
  readonly memoryId?: string;
}

/** Identifies the agent of a target, regardless of its caller and credentials. */
export function targetId({
  runtimeArn,
  qualifier,
}: Pick<Target, 'runtimeArn' | 'qualifier'>): string {
  return `${runtimeArn}?qualifier=${qualifier}`;
}

/** True for a target of an emulator. */
export function isLocal({ endpoint }: Target): boolean {
  return endpoint !== undefined;
}

/** Parts of a runtime's ARN. */
export interface RuntimeArn {
  readonly region: string;
  readonly account: string;
  readonly runtimeId: string;
  /** Name given when the runtime was created; its id is this name and a suffix. */
  readonly name: string;
}

const ARN = /^arn:aws[a-z-]*:bedrock-agentcore:([a-z0-9-]+):(\d{12}):runtime\/([^/\s?]+)$/;

/** Parses a runtime's ARN; null if it is not one. */
export function parseRuntimeArn(arn: string): RuntimeArn | null {
  const [, region, account, runtimeId] = ARN.exec(arn) ?? [];
  if (region === undefined || account === undefined || runtimeId === undefined) return null;
  return { region, account, runtimeId, name: runtimeId.replace(/-[^-]*$/, '') };
}
