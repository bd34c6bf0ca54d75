import type {
  FilesystemConfiguration,
  GetAgentRuntimeResponse,
  LifecycleConfiguration,
  UpdateAgentRuntimeRequest,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { validateAllowlistedHeader } from '../../../../src/shared/requestHeaders.ts';
import { invalid, notEmulated } from '../../../wire/errors.ts';
import { IDLE_TIMEOUT, MAX_LIFETIME } from '../sessionTimeouts.ts';
import { isProjectArtifact } from './projectArtifact.ts';
import type { VersionSettings } from './records.ts';

/** The members of a request that become settings of a version. */
type SettingsRequest = Partial<UpdateAgentRuntimeRequest>;

/** Reads the settings of a request with AWS's defaults; throws for what AWS rejects beyond its model. */
export function readSettings(request: SettingsRequest): VersionSettings {
  const settings: VersionSettings = {
    roleArn: request.roleArn ?? '',
    agentRuntimeArtifact: request.agentRuntimeArtifact,
    networkConfiguration: request.networkConfiguration ?? { networkMode: 'PUBLIC' },
    description: request.description,
    authorizerConfiguration: request.authorizerConfiguration,
    requestHeaderConfiguration: request.requestHeaderConfiguration,
    protocolConfiguration: request.protocolConfiguration ?? { serverProtocol: 'HTTP' },
    lifecycleConfiguration: withDefaults(request.lifecycleConfiguration),
    metadataConfiguration: request.metadataConfiguration,
    environmentVariables: request.environmentVariables,
    filesystemConfigurations: request.filesystemConfigurations,
    capacityProviderConfiguration: request.capacityProviderConfiguration,
    platformVersion: request.platformVersion,
  };
  validateLifecycle(settings);
  validateHeaders(settings);
  validateMounts(settings.filesystemConfigurations ?? []);
  validateImageReference(settings);
  if (!isProjectArtifact(settings.agentRuntimeArtifact)) validateEntryPoint(settings);
  return settings;
}

/** Returns the settings as GetAgentRuntime describes them. */
export function describeSettings(
  settings: VersionSettings,
): Pick<GetAgentRuntimeResponse, keyof VersionSettings & keyof GetAgentRuntimeResponse> {
  return {
    ...settings,
    networkConfiguration: settings.networkConfiguration ?? { networkMode: 'PUBLIC' },
    lifecycleConfiguration: withDefaults(settings.lifecycleConfiguration),
  };
}

/** Describes the settings without effect in the emulator. */
export function ignoredSettings(settings: VersionSettings): string[] {
  const others = (settings.filesystemConfigurations ?? []).filter((it) => !it.sessionStorage);
  return [
    ...(settings.networkConfiguration?.networkMode === 'VPC'
      ? ['networkMode VPC is not emulated. The runtime uses this machine’s network.']
      : []),
    ...others.map(
      (filesystem) =>
        `${filesystemKind(filesystem)} at ${getMountPath(filesystem)} is not emulated. Nothing is mounted there.`,
    ),
    ...(settings.capacityProviderConfiguration
      ? ['Capacity providers are not emulated. The runtime runs on this machine.']
      : []),
    ...(settings.metadataConfiguration?.requireMMDSV2
      ? ['requireMMDSV2 is not emulated. There is no metadata service.']
      : []),
  ];
}

/** As in AWS, a maximum lifetime below the default idle timeout also becomes the idle timeout. */
function withDefaults(lifecycle: LifecycleConfiguration = {}): Required<LifecycleConfiguration> {
  const maxLifetime = lifecycle.maxLifetime ?? MAX_LIFETIME;
  const idleRuntimeSessionTimeout =
    lifecycle.idleRuntimeSessionTimeout ?? Math.min(IDLE_TIMEOUT, maxLifetime);
  return { idleRuntimeSessionTimeout, maxLifetime };
}

function validateLifecycle({
  lifecycleConfiguration,
  capacityProviderConfiguration,
}: VersionSettings) {
  const { idleRuntimeSessionTimeout: idle = 0, maxLifetime: max = 0 } =
    lifecycleConfiguration ?? {};
  if (idle > max) {
    throw invalid(
      `idleRuntimeSessionTimeout must be less than or equal to maxLifetime; they are ${idle} and ${max} seconds`,
    );
  }
  if (max > MAX_LIFETIME && !capacityProviderConfiguration) {
    throw invalid(
      `maxLifetime is ${max} seconds. Without a capacity provider, the maximum is ${MAX_LIFETIME}.`,
    );
  }
}

function validateHeaders({ requestHeaderConfiguration }: VersionSettings): void {
  for (const name of requestHeaderConfiguration?.requestHeaderAllowlist ?? []) {
    const problem = validateAllowlistedHeader(name);
    if (problem !== null) throw invalid(`requestHeaderAllowlist: '${name}': ${problem}`);
  }
}

function validateMounts(filesystems: readonly FilesystemConfiguration[]): void {
  if (filesystems.filter(({ sessionStorage }) => sessionStorage).length > 1) {
    throw invalid('filesystemConfigurations: a runtime can have one sessionStorage');
  }
  const paths = filesystems.map((it) => getMountPath(it).replace(/\/$/, ''));
  for (const [index, path] of paths.entries()) {
    if (/\/\.{1,2}$/.test(path)) {
      throw invalid(`filesystemConfigurations: '${path}' is not a folder directly under /mnt`);
    }
    if (paths.indexOf(path) < index) {
      throw invalid(`filesystemConfigurations: two filesystems have the mountPath '${path}'`);
    }
  }
}

const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const REFERENCE = new RegExp(
  `^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\\d+)?/)?${COMPONENT}(?:/${COMPONENT})*(?::\\w[\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);

// AWS's pattern requires ECR. Any reference that an engine accepts is allowed here.
function validateImageReference({ agentRuntimeArtifact }: VersionSettings): void {
  const { containerUri } = agentRuntimeArtifact?.containerConfiguration ?? {};
  if (containerUri === undefined || REFERENCE.test(containerUri)) return;
  throw invalid(
    `containerUri: '${containerUri}' is not a valid image reference. Use one such as myimage:dev or 123456789012.dkr.ecr.us-east-1.amazonaws.com/name:tag`,
  );
}

/** The command that may precede the entry point's file to instrument a Python program. */
export const INSTRUMENTATION_WRAPPER = 'opentelemetry-instrument';

function validateEntryPoint({ agentRuntimeArtifact }: VersionSettings): void {
  const { entryPoint = [], runtime = '' } = agentRuntimeArtifact?.codeConfiguration ?? {};
  const file = entryPoint.at(-1);
  if (file === undefined) return;
  const [extension, language] = runtime.startsWith('NODE') ? ['.js', 'Node'] : ['.py', 'Python'];
  if (!file.endsWith(extension)) {
    throw invalid(`entryPoint: '${file}' is not a ${extension} file, which ${language} requires`);
  }
  if (/^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)/.test(file)) {
    throw invalid(
      `entryPoint: '${file}' leads out of the zip. Use a path inside it, such as src/main${extension}`,
    );
  }
  const [first] = entryPoint;
  if (entryPoint.length > 1 && !(first === INSTRUMENTATION_WRAPPER && language === 'Python')) {
    throw notEmulated(`An entryPoint that begins with '${first}'`);
  }
}

function filesystemKind(filesystem: FilesystemConfiguration): string {
  return Object.keys(filesystem)[0] ?? 'filesystem';
}

function getMountPath(filesystem: FilesystemConfiguration): string {
  const [mount] = Object.values(filesystem) as { readonly mountPath?: string }[];
  return mount?.mountPath ?? '';
}
