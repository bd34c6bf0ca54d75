import type { Target } from '../shared/target.ts';
import type { CallerCredentials } from './targetClient.ts';

/** Credentials for services that do not verify signatures. */
export const PLACEHOLDER_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/**
 * The credentials to call a target with: those of its profile or the environment in AWS, and
 * placeholders where the signature is not verified or a bearer token replaces it. The AWS SDK always requires
 * credentials.
 */
export function chooseCredentials({ endpoint, authorization }: Target): CallerCredentials {
  return endpoint !== undefined || authorization === 'token'
    ? { credentials: PLACEHOLDER_CREDENTIALS }
    : {};
}
