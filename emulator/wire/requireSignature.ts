import type { Clock } from '../clock.ts';
import { credentialOf, type AttributedRequest } from './credential.ts';
import { signatureMissing, verifySignature, type AccessKey } from './signature.ts';

/** Throws where a request is not signed for the service of this signing name. */
export type RequireSignature = (request: AttributedRequest, signingName: string) => void;

/** Requires signatures by one of the keys; without keys, none. */
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
    // A session signs with its user's real keys, if it has any; its URL is its credential.
    if (request.caller !== null) return;
    if (credentialOf(request).kind !== 'signature') throw signatureMissing();
    verifySignature(request, { keys, region, service, now: clock.realNow() });
  };
}
