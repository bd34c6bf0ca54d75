import type { AwsAccount } from '../shared/aws.ts';

/** Variables that send AWS's tools to another endpoint, the most specific first. */
const ENDPOINTS = ['AWS_ENDPOINT_URL_BEDROCK_AGENTCORE', 'AWS_ENDPOINT_URL'];

/** Sections of the configuration file that are not profiles, as the SDK names them. */
const OTHER_SECTION = /^(?:sso-session|services)\./;

/** Reads this machine's AWS account settings from its files and environment, without a call. */
export async function readAccount(
  environment: NodeJS.ProcessEnv,
  wanted?: string,
): Promise<AwsAccount> {
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const profile = wanted ?? environment['AWS_PROFILE'] ?? '';
  const profiles = new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)]);
  const ofProfile = configFile[profile || 'default']?.['region'];
  // A chosen profile brings its region; otherwise variables come first, as in the SDK.
  const [first, second] = wanted
    ? [ofProfile, regionOf(environment)]
    : [regionOf(environment), ofProfile];
  return {
    profiles: [...profiles].filter((name) => !OTHER_SECTION.test(name)),
    profile,
    region: first ?? second ?? '',
    endpoint: ENDPOINTS.map((name) => environment[name]).find(Boolean) ?? null,
  };
}

function regionOf(environment: NodeJS.ProcessEnv): string | undefined {
  return environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || undefined;
}
