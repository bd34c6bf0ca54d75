import type { CustomJWTAuthorizerConfiguration } from '@aws-sdk/client-bedrock-agentcore-control';
import type { AgentSummary } from '../src/shared/emulator.ts';
import type { DeployedImage, ImageSource } from '../src/shared/image.ts';
import type { PortRange } from '../src/shared/portRange.ts';

/** An agent to run: a project's code or image, or a deployed artifact. */
export type AgentSource = ProjectAgentSource | CodeBundleAgentSource | ImageAgentSource;

/** An agent of a project. Its code can change while sessions run. */
export interface ProjectAgentSource extends AgentSettings {
  readonly kind: 'project';
  readonly project: string;
  /** The project's folder, absolute. */
  readonly root: string;
  /** The folder of the agent's code below the root, absolute. */
  readonly code: string;
  /** Null together with the language if only a Dockerfile says what runs. */
  readonly entrypoint: string | null;
  readonly language: AgentSummary['language'];
  /** A runtime of AWS: PYTHON_3_12, NODE_22. */
  readonly runtimeVersion?: string | undefined;
  readonly build?: 'CodeZip' | 'Container' | undefined;
  /** Null or absent without a Dockerfile. */
  readonly image?: ImageSource | null | undefined;
  /** Named endpoints. They are not part of a version. */
  readonly endpoints?: readonly ProjectEndpoint[] | undefined;
}

/** Code that was deployed from a zip in S3, with its packages. It never changes. */
export interface CodeBundleAgentSource extends AgentSettings {
  readonly kind: 'codeBundle';
  /** The folder of the unpacked zip, absolute. */
  readonly folder: string;
  readonly entrypoint: string;
  readonly language: 'node' | 'python';
  /** A runtime of AWS: PYTHON_3_12, NODE_22. */
  readonly runtimeVersion: string;
  /** True if OpenTelemetry runs the program, where it is among the packages. */
  readonly isInstrumented: boolean;
}

/** An image that was deployed from a registry or the container engine. It never changes. */
export interface ImageAgentSource extends AgentSettings {
  readonly kind: 'image';
  readonly image: DeployedImage;
}

/** The settings of an agent that do not depend on where its code comes from. */
export interface AgentSettings {
  readonly name: string;
  readonly protocol: AgentSummary['protocol'];
  /** The port that the agent listens on. Absent for the protocol's port. */
  readonly port?: number | undefined;
  /** Further ports that session endpoints reach. Absent if there are no session endpoints. */
  readonly allowedPorts?: readonly PortRange[] | undefined;
  /** The path of invocations. Absent for the protocol's path. */
  readonly path?: string | undefined;
  /** The path of the POST that every machine gets when it is healthy. Absent without a warm-up hook. */
  readonly warmUpPath?: string | undefined;
  /** The port of the warm-up hook. Absent for the agent's port. */
  readonly warmUpPort?: number | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Request headers that reach the agent in addition to those that always do. */
  readonly headerAllowlist: readonly string[];
  /** Null or absent if callers sign their requests. */
  readonly authorizer?:
    { readonly customJWTAuthorizer: CustomJWTAuthorizerConfiguration } | null | undefined;
  /** Mount paths of session storage, directly under /mnt. */
  readonly mounts?: readonly string[] | undefined;
  /** AWS's platform version; absent means V1. */
  readonly platformVersion?: string | undefined;
  /** In seconds. Absent values are the defaults of AWS. */
  readonly lifecycle: {
    readonly idleRuntimeSessionTimeout?: number | undefined;
    readonly maxLifetime?: number | undefined;
  };
}

/** An endpoint that a project declares: a name for a fixed version. */
export interface ProjectEndpoint {
  readonly name: string;
  readonly version: string;
  readonly description?: string | undefined;
}
