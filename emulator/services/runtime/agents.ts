import type { CustomJWTAuthorizerConfiguration } from '@aws-sdk/client-bedrock-agentcore-control';
import type { AgentSummary } from '../../../src/shared/emulator.ts';
import type { DeployedImage, ImageSource } from '../../../src/shared/image.ts';
import type { AgentCode } from '../../compute/compute.ts';
import { protocols } from './protocols/protocols.ts';

/** What the emulator needs to run an agent, as its project describes it or as it was deployed. */
export interface AgentSource {
  /** Null for what was deployed. */
  readonly project: string | null;
  readonly name: string;
  /** Whether it is as AWS was given it: nobody changes it, and nothing is installed beside it. */
  readonly deployed?: boolean | undefined;
  /** The project's root and the agent's code below it, both absolute; empty for a deployed image. */
  readonly root: string;
  readonly code: string;
  /** Both null where only a Dockerfile says what is run. */
  readonly entrypoint: string | null;
  readonly language: AgentSummary['language'];
  /** In AWS's words: PYTHON_3_12, NODE_22. */
  readonly runtimeVersion?: string | undefined;
  /** Whether its program is run by OpenTelemetry, where that is among its packages. */
  readonly instrumented?: boolean | undefined;
  /** What AWS is given to run: the code, or an image. */
  readonly build?: 'CodeZip' | 'Container' | undefined;
  readonly image?: ImageSource | DeployedImage | null | undefined;
  readonly protocol: AgentSummary['protocol'];
  readonly environment: Readonly<Record<string, string>>;
  /** Request headers that reach the agent, beside those that always do. */
  readonly headerAllowlist: readonly string[];
  /** Who may call it, in AWS's shape; by signature where there is none. */
  readonly authorizer?:
    { readonly customJWTAuthorizer: CustomJWTAuthorizerConfiguration } | null | undefined;
  /** Folders directly under /mnt, in which a session finds again what it left. */
  readonly mounts?: readonly string[] | undefined;
  /** In seconds; absent ones are AWS's defaults. */
  readonly lifecycle: {
    readonly idleRuntimeSessionTimeout?: number | undefined;
    readonly maxLifetime?: number | undefined;
  };
  /** Further names that it is invoked by; they are no part of a version. */
  readonly endpoints?: readonly ProjectEndpoint[] | undefined;
}

/** An endpoint that a project wants: a name that is invoked, for a version that stays. */
export interface ProjectEndpoint {
  readonly name: string;
  readonly version: string;
  readonly description?: string | undefined;
}

/** A version of an agent that can be invoked: of a runtime, in AWS's words. It never changes. */
export interface AgentRuntime {
  readonly id: string;
  readonly arn: string;
  readonly account: string;
  readonly version: string;
  readonly source: AgentSource;
}

/** A name under which a runtime is invoked, and what it leads new sessions to. */
export interface AgentEndpoint {
  /** AWS calls it the qualifier. */
  readonly name: string;
  readonly agent: AgentRuntime;
}

/** What a caller does with a runtime, as IAM and resource policies name it. */
export type AgentAction =
  | 'GetAgentCard'
  | 'InvokeAgentRuntime'
  | 'InvokeAgentRuntimeCommand'
  | 'InvokeAgentRuntimeCommandShell'
  | 'InvokeAgentRuntimeWithWebSocketStream'
  | 'StopRuntimeSession';

/** The agents of this emulator: the project's, and those that were deployed to it. */
export interface Agents {
  /** What the DEFAULT endpoints lead to. */
  current(): readonly AgentRuntime[];
  /** Whether an endpoint leads new sessions to it. */
  isServed(agent: AgentRuntime): boolean;
  /** Finds the endpoint of a runtime, by ARN, or by id as JWT callers and the official CLI do. */
  resolve(arnOrId: string, qualifier: string | undefined): AgentEndpoint;
  /** Refuses what the resource policies of an endpoint and its runtime deny. */
  permit(endpoint: AgentEndpoint, action: AgentAction): void;
  /** Refuses where an endpoint, its runtime or the version that a session has of it was deleted. */
  refuseDeleted(endpoint: AgentEndpoint): void;
  summaries(warm: (agent: AgentRuntime) => number): AgentSummary[];
}

/** What of an agent decides how its machines are made. */
export function agentCode({ id, source }: Pick<AgentRuntime, 'id' | 'source'>): AgentCode {
  return {
    id,
    root: source.root,
    code: source.code,
    entrypoint: source.entrypoint,
    language: source.language,
    runtimeVersion: source.runtimeVersion,
    isDeployed: source.deployed ?? false,
    isInstrumented: source.instrumented ?? false,
    image: source.image ?? null,
    contractPort: protocols[source.protocol].port,
    mounts: source.mounts ?? [],
  };
}
