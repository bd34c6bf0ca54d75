import type { Clock } from '../clock.ts';
import { credentialOf, type Sender } from './credential.ts';
import { signatureMissing, verifySignature, type AccessKey } from './signature.ts';

/** Throws where a request is not signed as is asked for. */
export type DemandSignature = (sender: Sender) => void;

/** Demands signatures by these keys; by none where there are no keys. */
export function createDemandSignature({
  keys,
  region,
  clock,
}: {
  readonly keys: readonly AccessKey[] | undefined;
  readonly region: string;
  readonly clock: Pick<Clock, 'realNow'>;
}): DemandSignature {
  if (!keys) return () => {};
  return (sender) => {
    // A session signs with its user's real keys, if it has any; its own address is its credential.
    if (sender.caller !== null) return;
    if (credentialOf(sender).kind !== 'signature') throw signatureMissing();
    verifySignature(sender, { keys, region, now: clock.realNow() });
  };
}
