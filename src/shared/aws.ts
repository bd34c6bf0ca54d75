import type { AgentProtocol } from './emulator.ts';
import type { Loadable } from './loadable.ts';
import type { Authorization } from './target.ts';

/** AWS account settings of this machine, read as AWS's own tools read them. */
export interface AwsAccount {
  readonly profiles: readonly string[];
  /** Selected profile; empty for the credentials of the environment. */
  readonly profile: string;
  /** Empty if neither the profile nor the environment names one. */
  readonly region: string;
  /** URL that an AWS environment variable sends all calls to; null if none does. */
  readonly endpoint: string | null;
}

/** A runtime as ListAgentRuntimes returns it. */
export interface RuntimeEntry {
  readonly arn: string;
  readonly name: string;
  readonly version: string;
  readonly status: string;
}

/** Settings of a runtime that a caller needs, from the control plane. */
export interface RuntimeDetails {
  readonly protocol: AgentProtocol;
  readonly authorization: Authorization;
  readonly endpoints: readonly { readonly name: string; readonly version: string }[];
}

/** Session timeouts of a runtime. */
export interface Lifecycle {
  readonly idleSeconds: number;
  readonly maxSeconds: number;
}

/** Results of requests to AWS. Nothing is read before a user requests it. */
export interface AwsView {
  readonly account: Loadable<AwsAccount>;
  readonly runtimes: Loadable<readonly RuntimeEntry[]>;
  /** Details of the runtime that was looked up last. */
  readonly details: Loadable<RuntimeDetails>;
}
