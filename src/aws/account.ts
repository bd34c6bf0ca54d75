import type { AwsAccount } from '../shared/targets.ts';

/** The variables by which AWS's tools find a service elsewhere, the nearest first. */
const ENDPOINTS = ['AWS_ENDPOINT_URL_BEDROCK_AGENTCORE', 'AWS_ENDPOINT_URL'];

/** Sections of the files that are no profiles, as the SDK names them. */
const OTHER_SECTION = /^(?:sso-session|services)\./;

/** As whom and where this machine is in AWS, by its files and environment alone. */
export async function readAccount(
  environment: NodeJS.ProcessEnv,
  wanted?: string,
): Promise<AwsAccount> {
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const profile = wanted ?? environment['AWS_PROFILE'] ?? '';
  const profiles = new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)]);
  const ofProfile = configFile[profile || 'default']?.['region'];
  // A profile that is chosen here is chosen with its region; else variables come first, as in the SDK.
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
