import type { Clock } from '../clock.ts';
import { readCredential, type AttributedRequest } from './credential.ts';
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
    if (readCredential(request).kind !== 'signature') throw signatureMissing();
    verifySignature(request, { keys, region, service, now: clock.realNow() });
  };
}
