import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentSource } from '../agents.ts';
import type { DeployedCode } from './code.ts';
import type { Runtime, Settings, Version } from './records.ts';
import type { Obtain } from './rollOut.ts';
import { WRAPPER } from './settings.ts';

/** Obtains what a version names, and has its machines prepared, so that READY means that it runs. */
export function createObtain({
  code,
  prepare,
}: {
  readonly code: DeployedCode;
  /** Sees to what its machines need; rejects with the reason why they cannot be made. */
  readonly prepare: (id: string, source: AgentSource) => Promise<void>;
}): Obtain {
  return async (runtime, version, signal) => {
    const source = await sourceOf(runtime, version, signal);
    await prepare(runtime.id, source);
    return source;
  };

  async function sourceOf(
    { name }: Runtime,
    { settings }: Version,
    signal: AbortSignal,
  ): Promise<AgentSource> {
    const { codeConfiguration } = settings.agentRuntimeArtifact ?? {};
    const { s3 } = codeConfiguration?.code ?? {};
    const { bucket = '', prefix: key = '', versionId } = s3 ?? {};
    const folder = await code.obtain({ bucket, key, versionId }, signal);
    const { entryPoint = [], runtime = '' } = codeConfiguration ?? {};
    const entrypoint = entryPoint.at(-1) ?? '';
    if (!existsSync(join(folder, entrypoint))) {
      throw new Error(`the entryPoint ${entrypoint} is not in the zip s3://${bucket}/${key}`);
    }
    return {
      ...common(name, settings),
      root: folder,
      code: folder,
      entrypoint,
      language: runtime.startsWith('NODE') ? 'node' : 'python',
      runtimeVersion: runtime,
      build: 'CodeZip',
      instrumented: entryPoint[0] === WRAPPER,
    };
  }
}

/** What a source has of its settings, whatever it runs. */
function common(name: string, settings: Settings) {
  const { requestHeaderConfiguration, filesystemConfigurations = [] } = settings;
  return {
    project: null,
    name,
    deployed: true,
    protocol: settings.protocolConfiguration?.serverProtocol ?? 'HTTP',
    environment: settings.environmentVariables ?? {},
    headerAllowlist: requestHeaderConfiguration?.requestHeaderAllowlist ?? [],
    authorizer: settings.authorizerConfiguration?.customJWTAuthorizer
      ? { customJWTAuthorizer: settings.authorizerConfiguration.customJWTAuthorizer }
      : null,
    mounts: filesystemConfigurations.flatMap(
      ({ sessionStorage }) => sessionStorage?.mountPath?.replace(/\/$/, '') ?? [],
    ),
    lifecycle: { ...settings.lifecycleConfiguration },
  } satisfies Partial<AgentSource>;
}
