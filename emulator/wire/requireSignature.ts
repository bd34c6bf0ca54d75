import type { Clock } from '../clock.ts';
import { readCredential, type AttributedRequest } from './credential.ts';
import { accessDenied, type WireError } from './errors.ts';
import { signatureMissing, verifySignature, type AccessKey } from './signature.ts';

/** Throws if a request is not signed for the service with this signing name. */
export type RequireSignature = (request: AttributedRequest, signingName: string) => void;

/** Requires signatures with one of the keys. Without keys, no signature is required. */
export function createRequireSignature({
  keys,
  region,
  clock,
}: {
  readonly keys: readonly AccessKey[] | undefined;
  readonly region: string;
  readonly clock: Pick<Clock, 'realNow'>;
}): RequireSignature {
  if (!keys) return () => {};
  return (request, service) => {
    // A session may sign with the user's real keys. Its URL is its credential.
    if (request.caller !== null) return;
    const { kind } = readCredential(request);
    if (kind === 'bearer' && service === 'bedrock') throw apiKeyRefused();
    if (kind !== 'signature') throw signatureMissing();
    verifySignature(request, { keys, region, service, now: clock.realNow() });
  };
}

/** Bedrock Runtime accepts API keys in place of signatures. The emulator has none to verify them against. */
function apiKeyRefused(): WireError {
  return accessDenied(
    'Authentication failed: Please make sure your API Key is valid. The emulator was started with --auth sigv4 and has no Bedrock API keys: unset AWS_BEARER_TOKEN_BEDROCK and sign the request, or start the emulator without --auth.',
  );
}
