import type { AwsAccount } from '../shared/aws.ts';

/** Variables that set the endpoint of AWS's tools, most specific first. */
const ENDPOINTS = ['AWS_ENDPOINT_URL_BEDROCK_AGENTCORE', 'AWS_ENDPOINT_URL'];

/** Sections of the configuration file that are not profiles, as the SDK names them. */
const OTHER_SECTION = /^(?:sso-session|services)\./;

/** Reads this machine's AWS account settings from its files and environment, without a call. */
export async function readAccount(
  environment: NodeJS.ProcessEnv,
  chosenProfile?: string,
): Promise<AwsAccount> {
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const profile = chosenProfile ?? environment['AWS_PROFILE'] ?? '';
  const profiles = new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)]);
  const profileRegion = configFile[profile || 'default']?.['region'];
  const environmentRegion = readRegion(environment);
  // A chosen profile has priority over variables. Otherwise variables have priority, as in the SDK.
  const [first, second] = chosenProfile
    ? [profileRegion, environmentRegion]
    : [environmentRegion, profileRegion];
  return {
    profiles: [...profiles].filter((name) => !OTHER_SECTION.test(name)),
    profile,
    region: first ?? second ?? '',
    endpoint: ENDPOINTS.map((name) => environment[name]).find(Boolean) ?? null,
  };
}

function readRegion(environment: NodeJS.ProcessEnv): string | undefined {
  return environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || undefined;
}
