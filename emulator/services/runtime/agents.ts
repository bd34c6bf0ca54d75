import type { CustomJWTAuthorizerConfiguration } from '@aws-sdk/client-bedrock-agentcore-control';
import type { AgentSummary } from '../../../src/shared/emulator.ts';
import type { DeployedImage, ImageSource } from '../../../src/shared/image.ts';
import type { AgentCode } from '../../compute/compute.ts';
import { protocols } from './protocols/protocols.ts';

/** The definition of an agent to run, from its project or from a deployment. */
export interface AgentSource {
  /** Null for a deployed agent. */
  readonly project: string | null;
  readonly name: string;
  /** True for a deployed artifact, which never changes and gets no packages installed. */
  readonly deployed?: boolean | undefined;
  /** Absolute path of the project; empty for a deployed image. */
  readonly root: string;
  /** Absolute path of the agent's code within the project; empty for a deployed image. */
  readonly code: string;
  /** Null, like `language`, if a Dockerfile or an image defines the program. */
  readonly entrypoint: string | null;
  readonly language: AgentSummary['language'];
  /** AWS's name of the language runtime: PYTHON_3_12, NODE_22. */
  readonly runtimeVersion?: string | undefined;
  /** True if OpenTelemetry runs the program when it is among the agent's packages. */
  readonly instrumented?: boolean | undefined;
  /** The artifact that AWS runs: the code or an image. */
  readonly build?: 'CodeZip' | 'Container' | undefined;
  readonly image?: ImageSource | DeployedImage | null | undefined;
  readonly protocol: AgentSummary['protocol'];
  readonly environment: Readonly<Record<string, string>>;
  /** Request headers that reach the agent in addition to the standard ones. */
  readonly headerAllowlist: readonly string[];
  /** The JWT authorizer in AWS's shape. Without one, callers sign with SigV4. */
  readonly authorizer?:
    { readonly customJWTAuthorizer: CustomJWTAuthorizerConfiguration } | null | undefined;
  /** Mount paths of the session storage, directly under /mnt. */
  readonly mounts?: readonly string[] | undefined;
  /** Session timeouts in seconds. AWS's defaults apply to those that are absent. */
  readonly lifecycle: {
    readonly idleRuntimeSessionTimeout?: number | undefined;
    readonly maxLifetime?: number | undefined;
  };
  /** Endpoints besides DEFAULT. They are not part of a version. */
  readonly endpoints?: readonly ProjectEndpoint[] | undefined;
}

/** An endpoint that a project declares: a name for a fixed version. */
export interface ProjectEndpoint {
  readonly name: string;
  readonly version: string;
  readonly description?: string | undefined;
}

/** An immutable version of a runtime that can be invoked. */
export interface AgentRuntime {
  readonly id: string;
  readonly arn: string;
  readonly account: string;
  readonly version: string;
  readonly source: AgentSource;
}

/** A name for invoking a runtime, and the version that new sessions run. */
export interface AgentEndpoint {
  /** AWS calls it the qualifier. */
  readonly name: string;
  readonly agent: AgentRuntime;
}

/** An action on a runtime, as IAM and resource policies name it. */
export type AgentAction =
  | 'GetAgentCard'
  | 'InvokeAgentRuntime'
  | 'InvokeAgentRuntimeCommand'
  | 'InvokeAgentRuntimeCommandShell'
  | 'InvokeAgentRuntimeWithWebSocketStream'
  | 'StopRuntimeSession';

/** The agents of this emulator, from its project and from deployments. */
export interface Agents {
  /** The versions that the DEFAULT endpoints lead to. */
  current(): readonly AgentRuntime[];
  /** True if an endpoint leads new sessions to this version. */
  isServed(agent: AgentRuntime): boolean;
  /** Finds an endpoint by the runtime's ARN, or by its id as JWT callers and the official CLI send it. */
  resolve(arnOrId: string, qualifier: string | undefined): AgentEndpoint;
  /** Throws if a resource policy of the endpoint or its runtime denies the action. */
  permit(endpoint: AgentEndpoint, action: AgentAction): void;
  /** Throws if the endpoint, its runtime or its version was deleted. */
  refuseDeleted(endpoint: AgentEndpoint): void;
  summaries(warm: (agent: AgentRuntime) => number): AgentSummary[];
}

/** Selects the properties of an agent that decide how its machines are made. */
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
