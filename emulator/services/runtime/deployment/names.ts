import { stableId } from '../../../wire/newId.ts';
import type { AgentSource } from '../agents.ts';

/** Where this emulator's resources are, in the words of ARNs. */
export interface ArnScope {
  readonly region: string;
  readonly account: string;
}

/** What AWS would call an agent of a project, as the official CLI deploys it. */
export function projectRuntimeName({ project, name }: AgentSource): string {
  return `${project}_${name}`;
}

/**
 * The id of a project's agent, which stays the same from run to run: it comes from the project's place,
 * so that an ARN that was pasted into a script yesterday still works today.
 */
export function projectRuntimeId(source: AgentSource): string {
  return stableId(projectRuntimeName(source), `${source.root}\n${source.name}`);
}

/** The ARN of a runtime. */
export function runtimeArn(id: string, { region, account }: ArnScope): string {
  return `arn:aws:bedrock-agentcore:${region}:${account}:runtime/${id}`;
}

/** The ARN of a runtime's endpoint. */
export function endpointArn(arn: string, name: string): string {
  return `${arn}/runtime-endpoint/${name}`;
}

const ARN =
  /^(arn:aws[a-z-]*:bedrock-agentcore:[a-z0-9-]+:\d{12}:runtime\/([^/]+))(?:\/runtime-endpoint\/([^/]+))?$/;

/** What an ARN of a runtime or of an endpoint names; null for any other text. */
export function parseRuntimeArn(
  text: string,
): { readonly arn: string; readonly id: string; readonly endpoint: string | undefined } | null {
  const [, arn, id, endpoint] = ARN.exec(text) ?? [];
  return arn === undefined || id === undefined ? null : { arn, id, endpoint };
}
