import { isDeepStrictEqual } from 'node:util';
import type {
  AgentManagedRuntimeType,
  AgentRuntimeArtifact,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { invalid } from '../../../wire/errors.ts';
import type { ProjectAgentSource } from '../../../agentSource.ts';

/** Stands for the project's folder, as a bucket and as an image name. It contains nothing. */
const PROJECT_FOLDER = 'agentcore-emulator-project';

/**
 * The artifact of a project's agent, which runs from the project's folder. UpdateAgentRuntime accepts
 * it as GetAgentRuntime returns it, and the new version keeps running from there.
 */
export function projectArtifact(
  runtimeId: string,
  source: ProjectAgentSource,
): AgentRuntimeArtifact {
  if (source.build === 'Container' || source.entrypoint === null) {
    return { containerConfiguration: { containerUri: `${PROJECT_FOLDER}:${runtimeId}` } };
  }
  return {
    codeConfiguration: {
      code: { s3: { bucket: PROJECT_FOLDER, prefix: runtimeId } },
      runtime: awsRuntime(source),
      entryPoint: [source.entrypoint],
    },
  };
}

/** True if an artifact stands for a project's folder. */
export function isProjectArtifact(artifact: AgentRuntimeArtifact | undefined): boolean {
  const { codeConfiguration, containerConfiguration } = artifact ?? {};
  return (
    codeConfiguration?.code?.s3?.bucket === PROJECT_FOLDER ||
    (containerConfiguration?.containerUri?.startsWith(`${PROJECT_FOLDER}:`) ?? false)
  );
}

/** Rejects a project's artifact for another runtime than its own, or with changes. */
export function requireOwnArtifact(
  artifact: AgentRuntimeArtifact | undefined,
  own: AgentRuntimeArtifact | null,
): void {
  if (!isProjectArtifact(artifact) || isDeepStrictEqual(artifact, own)) return;
  throw invalid(
    own === null
      ? 'agentRuntimeArtifact: Only a project agent runs from the project’s folder. Pass code in S3 or a container image.'
      : 'agentRuntimeArtifact: Pass the artifact as GetAgentRuntime returned it. To change what runs, edit agentcore.json.',
  );
}

/** AWS has one Node runtime; the official CLI creates Python agents for 3.14 by default. */
function awsRuntime({ language, runtimeVersion }: ProjectAgentSource): AgentManagedRuntimeType {
  if (language === 'node') return 'NODE_22';
  return (runtimeVersion ?? 'PYTHON_3_14') as AgentManagedRuntimeType;
}
