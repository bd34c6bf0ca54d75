import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeConfiguration } from '@aws-sdk/client-bedrock-agentcore-control';
import type { DeployedImage } from '../../../../src/shared/image.ts';
import type { PreparedCompute } from '../../../compute/compute.ts';
import type {
  AgentSettings,
  AgentSource,
  CodeBundleAgentSource,
  ImageAgentSource,
} from '../../../agentSource.ts';
import type { RuntimeStore } from './runtimeStore.ts';
import type { CodeStore } from './codeStore.ts';
import { isProjectArtifact } from './projectArtifact.ts';
import type { StartOnce } from '../startOnce.ts';
import type { RuntimeRecord, VersionSettings } from './records.ts';
import type { PrepareVersion } from './rollout.ts';
import { getWarmUp } from './validatePlatform.ts';
import { toRange } from './validatePorts.ts';
import { INSTRUMENTATION_WRAPPER } from './validateSettings.ts';

/** Prepares everything that an agent's machines need; rejects with the reason if that fails. */
export type PrepareCompute = (
  id: string,
  source: AgentSource,
) => Promise<Pick<PreparedCompute, 'image'>>;

/**
 * Obtains a version's artifact and prepares its machines, so that READY means that it runs. A version
 * with a warm-up hook is started once.
 */
export function createPrepareVersion({
  code,
  store,
  prepare,
  startOnce,
  account,
}: {
  readonly code: CodeStore;
  readonly store: Pick<RuntimeStore, 'projectSource'>;
  readonly prepare: PrepareCompute;
  readonly startOnce: StartOnce;
  readonly account: string;
}): PrepareVersion {
  return async (runtime, { settings, version }, signal) => {
    const source = await obtain(runtime, settings, signal);
    if (source.warmUpPath !== undefined) {
      const { id, arn } = runtime;
      await startOnce({ id, arn, account, version, source }, signal);
    }
    return source;
  };

  async function obtain(
    { id, name }: RuntimeRecord,
    settings: VersionSettings,
    signal: AbortSignal,
  ): Promise<AgentSource> {
    if (isProjectArtifact(settings.agentRuntimeArtifact)) {
      const project = store.projectSource(id);
      if (project === null) throw new Error('The project no longer has this agent.');
      const source = { ...project, ...sourceSettings(settings) };
      await prepare(id, source);
      return source;
    }
    const { containerConfiguration, codeConfiguration } = settings.agentRuntimeArtifact ?? {};
    if (containerConfiguration) {
      const { containerUri: reference = '' } = containerConfiguration;
      const source = imageSource(name, settings, { reference, id: null });
      // A tag may move, but a version never changes.
      const { image } = await prepare(id, source);
      return imageSource(name, settings, { reference, id: image });
    }
    const source = await codeSource(name, settings, codeConfiguration, signal);
    await prepare(id, source);
    return source;
  }

  async function codeSource(
    name: string,
    settings: VersionSettings,
    configuration: CodeConfiguration | undefined,
    signal: AbortSignal,
  ): Promise<CodeBundleAgentSource> {
    const { entryPoint = [], runtime = '' } = configuration ?? {};
    const { bucket = '', prefix: key = '', versionId } = configuration?.code?.s3 ?? {};
    const folder = await code.download({ bucket, key, versionId }, signal);
    const entrypoint = entryPoint.at(-1) ?? '';
    if (!existsSync(join(folder, entrypoint))) {
      throw new Error(`The entryPoint ${entrypoint} is not in the zip s3://${bucket}/${key}`);
    }
    return {
      kind: 'codeBundle',
      name,
      ...sourceSettings(settings),
      folder,
      entrypoint,
      language: runtime.startsWith('NODE') ? 'node' : 'python',
      runtimeVersion: runtime,
      isInstrumented: entryPoint[0] === INSTRUMENTATION_WRAPPER,
    };
  }
}

function imageSource(
  name: string,
  settings: VersionSettings,
  image: DeployedImage,
): ImageAgentSource {
  return { kind: 'image', name, ...sourceSettings(settings), image };
}

/** Derives the source's properties from the settings, apart from the artifact. */
function sourceSettings(settings: VersionSettings) {
  const { requestHeaderConfiguration, filesystemConfigurations = [] } = settings;
  return {
    protocol: settings.protocolConfiguration?.serverProtocol ?? 'HTTP',
    port: settings.protocolConfiguration?.port,
    path: settings.protocolConfiguration?.path,
    allowedPorts: settings.allowedPorts?.map(toRange),
    warmUpPath: getWarmUp(settings)?.path,
    warmUpPort: getWarmUp(settings)?.port,
    environment: settings.environmentVariables ?? {},
    headerAllowlist: requestHeaderConfiguration?.requestHeaderAllowlist ?? [],
    authorizer: settings.authorizerConfiguration?.customJWTAuthorizer
      ? { customJWTAuthorizer: settings.authorizerConfiguration.customJWTAuthorizer }
      : null,
    mounts: filesystemConfigurations.flatMap(
      ({ sessionStorage }) => sessionStorage?.mountPath?.replace(/\/$/, '') ?? [],
    ),
    platformVersion: settings.platformVersion,
    lifecycle: { ...settings.lifecycleConfiguration },
  } satisfies Partial<AgentSettings>;
}
