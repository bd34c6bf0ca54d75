import { stableId } from '../../../wire/newId.ts';
import type { ProjectAgentSource } from '../../../agentSource.ts';

/** The partition, Region and account of this emulator's ARNs. */
export interface ArnScope {
  readonly region: string;
  readonly account: string;
}

/** The name that the official CLI gives a project agent in AWS. */
export function projectRuntimeName({ project, name }: ProjectAgentSource): string {
  return `${project}_${name}`;
}

/**
 * Returns a stable ID for a project agent, derived from the project's location, so that an ARN in a
 * script keeps working.
 */
export function projectRuntimeId(source: ProjectAgentSource): string {
  return stableId(projectRuntimeName(source), `${source.root}\n${source.name}`);
}

/** Returns the ARN of a runtime. */
export function runtimeArn(id: string, { region, account }: ArnScope): string {
  return `arn:aws:bedrock-agentcore:${region}:${account}:runtime/${id}`;
}

/** Returns the ARN of the workload identity that AWS creates for a runtime. */
export function workloadIdentityArn(id: string, { region, account }: ArnScope): string {
  return `arn:aws:bedrock-agentcore:${region}:${account}:workload-identity-directory/default/workload-identity/${id}`;
}

/** Returns the ARN of an endpoint. */
export function endpointArn(arn: string, name: string): string {
  return `${arn}/runtime-endpoint/${name}`;
}

const ARN =
  /^(arn:aws[a-z-]*:bedrock-agentcore:[a-z0-9-]+:\d{12}:runtime\/([^/]+))(?:\/runtime-endpoint\/([^/]+))?$/;

/** Parses the ARN of a runtime or an endpoint; null for other text. */
export function parseRuntimeArn(
  text: string,
): { readonly arn: string; readonly id: string; readonly endpoint: string | undefined } | null {
  const [, arn, id, endpoint] = ARN.exec(text) ?? [];
  return arn === undefined || id === undefined ? null : { arn, id, endpoint };
}
