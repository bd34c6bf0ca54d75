import type { AgentSummary } from '../../../src/shared/emulator.ts';
import type { AgentSource } from '../../agentSource.ts';
import type { AgentCode } from '../../compute/compute.ts';
import { includesPort, type PortRange } from '../../../src/shared/portRange.ts';
import { protocols } from './protocols/protocols.ts';

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
  | 'InvokeAgentRuntimeProxy'
  | 'InvokeAgentRuntimeWithWebSocketStream'
  | 'StopRuntimeSession';

/** The agents of this emulator, from its project and from deployments. */
export interface Agents {
  /** The versions that the DEFAULT endpoints serve. */
  current(): readonly AgentRuntime[];
  /** True if new sessions of an endpoint run this version. */
  isServed(agent: AgentRuntime): boolean;
  /** Finds an endpoint by the runtime's ARN, or by its id as JWT callers and the official CLI send it. */
  resolve(arnOrId: string, qualifier: string | undefined): AgentEndpoint;
  /** Throws if a resource policy of the endpoint or its runtime denies the action. */
  permit(endpoint: AgentEndpoint, action: AgentAction): void;
  /** Throws if the endpoint, its runtime or its version was deleted. */
  refuseDeleted(endpoint: AgentEndpoint): void;
  summaries(warm: (agent: AgentRuntime) => number): AgentSummary[];
}

/** Returns the part of an agent that determines how its machines are created. */
export function agentCode({ id, source }: Pick<AgentRuntime, 'id' | 'source'>): AgentCode {
  return {
    id,
    ...toProgramCode(source),
    contractPort: source.port ?? protocols[source.protocol].port,
    allowedPorts: reachablePorts(source),
    mounts: source.mounts ?? [],
    isSnapshotted: isSnapshotted(source),
  };
}

function reachablePorts({ allowedPorts = [], warmUpPort: port }: AgentSource): PortRange[] {
  if (port === undefined || includesPort(allowedPorts, port)) return [...allowedPorts];
  // First, because a container publishes only the first ports.
  return [{ from: port, to: port }, ...allowedPorts];
}

/** True on platform V2, where AWS restores sessions from a snapshot of the started agent. */
export function isSnapshotted({ platformVersion }: AgentSource): boolean {
  return platformVersion === 'V2';
}

function toProgramCode(
  source: AgentSource,
): Omit<AgentCode, 'id' | 'contractPort' | 'allowedPorts' | 'mounts' | 'isSnapshotted'> {
  switch (source.kind) {
    case 'project': {
      const { root, code, entrypoint, language, runtimeVersion, image = null } = source;
      const program = { root, code, entrypoint, language, runtimeVersion, image };
      return { ...program, isDeployed: false, isInstrumented: false };
    }
    case 'codeBundle': {
      const { folder, entrypoint, language, runtimeVersion, isInstrumented } = source;
      const program = { entrypoint, language, runtimeVersion, isInstrumented };
      return { ...program, root: folder, code: folder, image: null, isDeployed: true };
    }
    case 'image':
      return {
        root: '',
        code: '',
        entrypoint: null,
        language: null,
        runtimeVersion: undefined,
        image: source.image,
        isDeployed: true,
        isInstrumented: false,
      };
  }
}
