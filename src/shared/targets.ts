import type { AgentProtocol } from './emulator.ts';
import type { Loadable } from './loadable.ts';
import type { Tool } from './tools.ts';

/** Where and as whom one is in AWS, by the same files and variables as AWS's own tools. */
export interface AwsAccount {
  readonly profiles: readonly string[];
  /** Empty for whatever the environment says, which is asked before the default profile. */
  readonly profile: string;
  /** Empty where neither the profile nor the environment names one. */
  readonly region: string;
  /** Where a variable of AWS's leads all calls instead of AWS; null where none does. */
  readonly endpoint: string | null;
}

/** A runtime as AWS lists it. */
export interface RuntimeEntry {
  readonly arn: string;
  readonly name: string;
  readonly version: string;
  readonly status: string;
}

/** What AWS tells of one runtime: all that is to be known before one talks to it. */
export interface RuntimeDetails {
  readonly protocol: AgentProtocol;
  readonly authorization: Authorization;
  readonly endpoints: readonly { readonly name: string; readonly version: string }[];
}

/** What is known of AWS; nothing is asked there but what the user asks for. */
export interface AwsView {
  readonly account: Loadable<AwsAccount>;
  readonly runtimes: Loadable<readonly RuntimeEntry[]>;
  /** Of the runtime that was looked up last. */
  readonly details: Loadable<RuntimeDetails>;
}

/** A runtime's endpoint in AWS that one wants to talk to. */
export interface DeployedTarget {
  readonly arn: string;
  readonly qualifier: string;
  readonly protocol: AgentProtocol;
  readonly profile: string;
  readonly authorization: Authorization;
  /** As it was read last; absent where it never was. */
  readonly lifecycle?: Lifecycle;
}

/** How long a runtime's sessions live. */
export interface Lifecycle {
  readonly idleSeconds: number;
  readonly maxSeconds: number;
}

/** By what an agent knows its callers: AWS's signatures, or a bearer token of an identity provider. */
export type Authorization = 'signature' | 'token';

/** A token that calls of an agent wait for. */
export interface TokenRequest {
  readonly agent: string;
  /** What was wrong without one, or with the last one; null where there was none yet. */
  readonly why: string | null;
}

/** What a view wants to know of AWS, or to talk to there. */
export type AwsRequest =
  /** Read the profiles of this machine. */
  | { readonly type: 'readAccount'; readonly profile?: string | undefined }
  | { readonly type: 'listRuntimes'; readonly profile: string; readonly region: string }
  | { readonly type: 'lookUp'; readonly profile: string; readonly arn: string }
  | { readonly type: 'addTarget'; readonly target: DeployedTarget }
  | { readonly type: 'removeTarget'; readonly agent: string };

/** By what a target is known as an agent: ids of local agents are bare ARNs. */
export function targetId({ arn, qualifier }: Pick<DeployedTarget, 'arn' | 'qualifier'>): string {
  return `${arn}?qualifier=${qualifier}`;
}

/** The tools of an agent of MCP, as a session's machine lists them. */
export interface ToolList {
  readonly agent: string;
  readonly sessionId: string;
  readonly tools: Loadable<readonly Tool[]>;
}

/** A runtime's ARN, taken apart. */
export interface RuntimeArn {
  readonly region: string;
  readonly account: string;
  readonly runtimeId: string;
  /** As it was named when it was made; its id is that and ten letters. */
  readonly name: string;
}

const ARN = /^arn:aws[a-z-]*:bedrock-agentcore:([a-z0-9-]+):(\d{12}):runtime\/([^/\s]+)$/;

/** Takes a runtime's ARN apart; null where it is none. */
export function readRuntimeArn(arn: string): RuntimeArn | null {
  const [, region, account, runtimeId] = ARN.exec(arn) ?? [];
  if (region === undefined || account === undefined || runtimeId === undefined) return null;
  return { region, account, runtimeId, name: runtimeId.replace(/-[^-]*$/, '') };
}
