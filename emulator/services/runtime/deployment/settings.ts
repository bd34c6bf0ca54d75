import type {
  FilesystemConfiguration,
  GetAgentRuntimeResponse,
  LifecycleConfiguration,
  UpdateAgentRuntimeRequest,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { IDLE_TIMEOUT, MAX_LIFETIME } from '../sessionTimeouts.ts';
import type { VersionSettings } from './records.ts';
import { getMountPath, validateSettings } from './validateSettings.ts';

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
    protocolConfiguration: request.protocolConfiguration,
    lifecycleConfiguration: withDefaults(request.lifecycleConfiguration),
    metadataConfiguration: request.metadataConfiguration,
    environmentVariables: request.environmentVariables,
    filesystemConfigurations: request.filesystemConfigurations,
    capacityProviderConfiguration: request.capacityProviderConfiguration,
    platformVersion: request.platformVersion,
    hooksConfiguration: request.hooksConfiguration,
    allowedPorts: request.allowedPorts,
    resourceConfigurations: request.resourceConfigurations,
  };
  validateSettings(settings);
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
    metadataConfiguration: { requireMMDSV2: true },
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
    ...(settings.capacityProviderConfiguration?.operatingSystemConfiguration?.linux
      ?.privilegeMode === 'PRIVILEGED'
      ? ['privilegeMode PRIVILEGED is not emulated. The agent runs with your own privileges.']
      : []),
    ...(settings.resourceConfigurations ?? []).map(
      ({ minimumMemoryInMiB }) =>
        `minimumMemoryInMiB ${minimumMemoryInMiB} is not emulated. The runtime has this machine’s memory.`,
    ),
    ...(settings.authorizerConfiguration?.customJWTAuthorizer?.certificateConfigurations
      ? [
          'certificateConfigurations of the JWT authorizer are not emulated. The provider’s certificate must be trusted by Node: set NODE_EXTRA_CA_CERTS.',
        ]
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

function filesystemKind(filesystem: FilesystemConfiguration): string {
  return Object.keys(filesystem)[0] ?? 'filesystem';
}
