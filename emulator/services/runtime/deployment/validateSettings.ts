import type { FilesystemConfiguration } from '@aws-sdk/client-bedrock-agentcore-control';
import { validateAllowlistedHeader } from '../../../../src/shared/requestHeaders.ts';
import { invalid, notEmulated, type WireError } from '../../../wire/errors.ts';
import { MAX_LIFETIME } from '../sessionTimeouts.ts';
import { isProjectArtifact } from './projectArtifact.ts';
import type { VersionSettings } from './records.ts';
import { validatePlatform } from './validatePlatform.ts';
import { validatePorts } from './validatePorts.ts';

/** The command that may precede the entry point's file to instrument a Python program. */
export const INSTRUMENTATION_WRAPPER = 'opentelemetry-instrument';

/** Throws for settings that satisfy AWS's model but that its service rejects. */
export function validateSettings(settings: VersionSettings): void {
  validateNetwork(settings);
  validateAuthorizer(settings);
  validateLifecycle(settings);
  validateMetadata(settings);
  validatePlatform(settings);
  validatePorts(settings);
  validateEnvironment(settings);
  validateHeaders(settings);
  validateMounts(settings.filesystemConfigurations ?? []);
  validateImageReference(settings);
  if (!isProjectArtifact(settings.agentRuntimeArtifact)) validateEntryPoint(settings);
}

/** Rejects settings in AWS's words, which clients match, followed by our explanation. */
export function invalidSettings(sentence: string, explanation: string): WireError {
  return invalid(
    `Invalid request provided: ${sentence}${sentence.endsWith('.') ? '' : '.'} ${explanation}`,
  );
}

function validateNetwork({ networkConfiguration }: VersionSettings): void {
  const { networkMode, networkModeConfig } = networkConfiguration ?? {};
  if (networkMode === 'VPC' && !networkModeConfig) {
    throw invalidSettings(
      'NetworkModeConfig is required for VPC mode',
      'Pass networkConfiguration.networkModeConfig with subnets and securityGroups.',
    );
  }
  if (networkMode !== 'VPC' && networkModeConfig) {
    throw invalidSettings(
      'NetworkModeConfig is not allowed for non-VPC mode',
      `Omit networkConfiguration.networkModeConfig, or set networkMode to VPC instead of ${networkMode}.`,
    );
  }
  if (networkModeConfig?.requireServiceS3Endpoint !== undefined) {
    throw invalid(
      'Invalid request provided: networkModeConfig.requireServiceS3Endpoint cannot be set on this runtime. AWS accepts it only for runtimes created before May 2026. Omit it.',
    );
  }
}

function validateAuthorizer({ authorizerConfiguration }: VersionSettings): void {
  const authorizer = authorizerConfiguration?.customJWTAuthorizer;
  if (!authorizer) return;
  const { allowedAudience, allowedClients, allowedScopes, customClaims } = authorizer;
  const filters = [allowedAudience, allowedClients, allowedScopes, customClaims];
  if (filters.some((filter) => filter !== undefined && filter.length > 0)) return;
  throw invalidSettings(
    'Either allowedAudience, allowedClients, allowedScopes, or customClaims must be present with at least one item',
    'Add one to customJWTAuthorizer, or every token of the provider would be accepted.',
  );
}

function validateLifecycle({
  lifecycleConfiguration,
  capacityProviderConfiguration,
}: VersionSettings): void {
  const { idleRuntimeSessionTimeout: idle = 0, maxLifetime: max = 0 } =
    lifecycleConfiguration ?? {};
  if (idle > max) {
    throw invalidSettings(
      'idleRuntimeSessionTimeout must be less than or equal to maxLifeTime',
      `They are ${idle} and ${max} seconds.`,
    );
  }
  if (max > MAX_LIFETIME && !capacityProviderConfiguration) {
    throw invalid(
      `maxLifetime is ${max} seconds. Without a capacity provider, the maximum is ${MAX_LIFETIME}.`,
    );
  }
}

function validateMetadata({ metadataConfiguration }: VersionSettings): void {
  if (metadataConfiguration?.requireMMDSV2 !== false) return;
  throw invalid(
    'Invalid request provided: metadataConfiguration.requireMMDSV2 cannot be false. New runtimes require version 2 of the metadata service. Omit it, or pass true.',
  );
}

/** AWS's limits on the size of all environment variables, in bytes. */
const MAX_ENVIRONMENT = { v1: 4096, v2Code: 1536, v2Container: 2560 };

function validateEnvironment({
  environmentVariables = {},
  agentRuntimeArtifact,
  platformVersion,
}: VersionSettings): void {
  const variables = Object.entries(environmentVariables);
  for (const [name, value] of variables) {
    // eslint-disable-next-line no-control-regex -- These are the characters that AWS rejects.
    if (!/[\u0000-\u001f\u007f]/.test(value)) continue;
    throw invalidSettings(
      `Environment variable value contains invalid control characters (0x00-0x1F, 0x7F). Key: '${name}'`,
      'Encode line breaks, for example with base64.',
    );
  }
  const size = variables.reduce((sum, [name, value]) => sum + Buffer.byteLength(name + value), 0);
  const v2Limit = agentRuntimeArtifact?.containerConfiguration
    ? MAX_ENVIRONMENT.v2Container
    : MAX_ENVIRONMENT.v2Code;
  const limit = platformVersion === 'V2' ? v2Limit : MAX_ENVIRONMENT.v1;
  if (size <= limit) return;
  throw invalid(
    `Invalid request provided: environmentVariables have ${size} bytes, and AWS accepts ${limit} in all. Put large values in AWS Secrets Manager or Systems Manager Parameter Store.`,
  );
}

function validateHeaders({ requestHeaderConfiguration }: VersionSettings): void {
  for (const name of requestHeaderConfiguration?.requestHeaderAllowlist ?? []) {
    const problem = validateAllowlistedHeader(name);
    if (problem !== null) throw invalid(`requestHeaderAllowlist: '${name}': ${problem}`);
  }
}

function validateMounts(filesystems: readonly FilesystemConfiguration[]): void {
  const storage = filesystems.filter(({ sessionStorage }) => sessionStorage);
  if (storage.length > 1) {
    throw invalidSettings(
      'At most one sessionStorage configuration is allowed',
      `filesystemConfigurations has ${storage.length}.`,
    );
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

/** Returns the mount path of a file system of any kind. */
export function getMountPath(filesystem: FilesystemConfiguration): string {
  const [mount] = Object.values(filesystem) as { readonly mountPath?: string }[];
  return mount?.mountPath ?? '';
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

function validateEntryPoint({ agentRuntimeArtifact }: VersionSettings): void {
  const { entryPoint = [], runtime = '' } = agentRuntimeArtifact?.codeConfiguration ?? {};
  const file = entryPoint.at(-1);
  if (file === undefined) return;
  const isNode = runtime.startsWith('NODE');
  const extension = isNode ? '.js' : '.py';
  if (!file.endsWith(extension)) {
    throw invalidSettings(
      `Entrypoint file type does not match your selected runtime. For ${runtime} runtime, your file should end with ${extension} extension.`,
      `entryPoint is '${file}'.`,
    );
  }
  if (/^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)/.test(file)) {
    throw invalid(
      `entryPoint: '${file}' leads out of the zip. Use a path inside it, such as src/main${extension}`,
    );
  }
  const [first] = entryPoint;
  if (entryPoint.length > 1 && !(first === INSTRUMENTATION_WRAPPER && !isNode)) {
    throw notEmulated(`An entryPoint that begins with '${first}'`);
  }
}
