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
type Given = Partial<UpdateAgentRuntimeRequest>;

/** Reads the settings of a request with AWS's defaults; throws for what AWS refuses beyond its model. */
export function readSettings(given: Given): VersionSettings {
  const settings: VersionSettings = {
    roleArn: given.roleArn ?? '',
    agentRuntimeArtifact: given.agentRuntimeArtifact,
    networkConfiguration: given.networkConfiguration ?? { networkMode: 'PUBLIC' },
    description: given.description,
    authorizerConfiguration: given.authorizerConfiguration,
    requestHeaderConfiguration: given.requestHeaderConfiguration,
    protocolConfiguration: given.protocolConfiguration ?? { serverProtocol: 'HTTP' },
    lifecycleConfiguration: withDefaults(given.lifecycleConfiguration),
    metadataConfiguration: given.metadataConfiguration,
    environmentVariables: given.environmentVariables,
    filesystemConfigurations: given.filesystemConfigurations,
    capacityProviderConfiguration: given.capacityProviderConfiguration,
    platformVersion: given.platformVersion,
  };
  refuseLifecycle(settings);
  refuseHeaders(settings);
  refuseMounts(settings.filesystemConfigurations ?? []);
  refuseReference(settings);
  if (!isProjectArtifact(settings.agentRuntimeArtifact)) refuseEntryPoint(settings);
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
      ? ['networkMode VPC is not emulated: it runs on this machine and its network']
      : []),
    ...others.map(
      (filesystem) =>
        `${kindOf(filesystem)} at ${mountPathOf(filesystem)} is not emulated: there is nothing at that path`,
    ),
    ...(settings.capacityProviderConfiguration
      ? ['capacity providers are not emulated: it runs on this machine']
      : []),
    ...(settings.metadataConfiguration?.requireMMDSV2
      ? ['requireMMDSV2 is not emulated: there is no metadata service']
      : []),
  ];
}

/** As in AWS, a maximum lifetime below the default idle timeout also becomes the idle timeout. */
function withDefaults(given: LifecycleConfiguration = {}): Required<LifecycleConfiguration> {
  const maxLifetime = given.maxLifetime ?? MAX_LIFETIME;
  const idleRuntimeSessionTimeout =
    given.idleRuntimeSessionTimeout ?? Math.min(IDLE_TIMEOUT, maxLifetime);
  return { idleRuntimeSessionTimeout, maxLifetime };
}

function refuseLifecycle({
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
      `maxLifetime is ${max} seconds; without a capacity provider a session lives for at most ${MAX_LIFETIME}`,
    );
  }
}

function refuseHeaders({ requestHeaderConfiguration }: VersionSettings): void {
  for (const name of requestHeaderConfiguration?.requestHeaderAllowlist ?? []) {
    const why = validateAllowlistedHeader(name);
    if (why !== null) throw invalid(`requestHeaderAllowlist: '${name}': ${why}`);
  }
}

function refuseMounts(filesystems: readonly FilesystemConfiguration[]): void {
  if (filesystems.filter(({ sessionStorage }) => sessionStorage).length > 1) {
    throw invalid('filesystemConfigurations: a runtime can have one sessionStorage');
  }
  const paths = filesystems.map((it) => mountPathOf(it).replace(/\/$/, ''));
  for (const [index, path] of paths.entries()) {
    if (/\/\.{1,2}$/.test(path)) {
      throw invalid(`filesystemConfigurations: '${path}' is no folder directly under /mnt`);
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
function refuseReference({ agentRuntimeArtifact }: VersionSettings): void {
  const { containerUri } = agentRuntimeArtifact?.containerConfiguration ?? {};
  if (containerUri === undefined || REFERENCE.test(containerUri)) return;
  throw invalid(
    `containerUri: '${containerUri}' is no reference of an image; one looks like myimage:dev or 123456789012.dkr.ecr.us-east-1.amazonaws.com/name:tag`,
  );
}

/** The command that may precede the entry point's file to instrument a Python program. */
export const INSTRUMENTATION_WRAPPER = 'opentelemetry-instrument';

function refuseEntryPoint({ agentRuntimeArtifact }: VersionSettings): void {
  const { entryPoint = [], runtime = '' } = agentRuntimeArtifact?.codeConfiguration ?? {};
  const file = entryPoint.at(-1);
  if (file === undefined) return;
  const [extension, language] = runtime.startsWith('NODE') ? ['.js', 'Node'] : ['.py', 'Python'];
  if (!file.endsWith(extension)) {
    throw invalid(`entryPoint: '${file}' is no ${extension} file, which runs on ${language}`);
  }
  if (/^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)/.test(file)) {
    throw invalid(
      `entryPoint: '${file}' leads out of the zip; it is a path in it, such as src/main${extension}`,
    );
  }
  const [first] = entryPoint;
  if (entryPoint.length > 1 && !(first === INSTRUMENTATION_WRAPPER && language === 'Python')) {
    throw notEmulated(`An entryPoint that begins with '${first}'`);
  }
}

function kindOf(filesystem: FilesystemConfiguration): string {
  return Object.keys(filesystem)[0] ?? 'filesystem';
}

function mountPathOf(filesystem: FilesystemConfiguration): string {
  const [place] = Object.values(filesystem) as { readonly mountPath?: string }[];
  return place?.mountPath ?? '';
}
