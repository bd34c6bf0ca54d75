import type { CustomJWTAuthorizerConfiguration } from '@aws-sdk/client-bedrock-agentcore-control';
import type { CryptoKey, JWTPayload } from 'jose';
import type { Clock } from '../../../clock.ts';
import { explainClaimMismatch } from './claims.ts';
import {
  createIdentityProviders,
  KEY_REFRESH_INTERVAL_MS,
  type IdentityProvider,
} from './identityProviders.ts';

/** Explains why a runtime's authorizer rejects a token; null if it accepts it. */
export type ValidateToken = (
  token: string,
  authorizer: CustomJWTAuthorizerConfiguration,
) => Promise<string | null>;

// No symmetric algorithms: the keys are public, so anyone could sign with them.
const VERIFYING = {
  algorithms: `RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519`.split(' '),
};

/** Creates a validator that verifies tokens with the providers' published keys. */
export function createTokenValidator({
  clock,
}: {
  readonly clock: Pick<Clock, 'realNow'>;
}): ValidateToken {
  const providers = createIdentityProviders({ clock });

  return async (token, authorizer) => {
    const { compactVerify, createLocalJWKSet, decodeProtectedHeader, errors } =
      await import('jose');
    const { discoveryUrl = '' } = authorizer;
    if (token.split('.').length !== 3) {
      return 'Failed to parse token: it is not a JWT, which has three parts separated by dots.';
    }

    async function verify({ keys, keysUrl }: IdentityProvider): Promise<Uint8Array> {
      try {
        return (await compactVerify(token, createLocalJWKSet(keys), VERIFYING)).payload;
      } catch (error) {
        if (error instanceof errors.JWKSMultipleMatchingKeys) return verifyByAny(error);
        const isKeyError =
          error instanceof errors.JWKSInvalid || error instanceof errors.JWKInvalid;
        if (error instanceof errors.JOSEError && !isKeyError) throw error;
        const reason = (error as Error).message;
        throw new Error(`${keysUrl} contains invalid keys: ${reason}`, { cause: error });
      }
    }

    /** The token does not say which of these keys signed it. */
    async function verifyByAny(keys: AsyncIterable<CryptoKey>): Promise<Uint8Array> {
      let failure: unknown = new errors.JWSSignatureVerificationFailed();
      for await (const key of keys) {
        try {
          return (await compactVerify(token, key, VERIFYING)).payload;
        } catch (error) {
          failure = error;
        }
      }
      throw failure;
    }

    let provider: IdentityProvider;
    let payload: Uint8Array;
    try {
      provider = await providers.find(discoveryUrl);
      try {
        payload = await verify(provider);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        provider = await providers.refresh(discoveryUrl);
        payload = await verify(provider);
      }
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) {
        return `The keys of the identity provider cannot be read, so no token can be verified. ${(error as Error).message}`;
      }
      if (error instanceof errors.JWKSNoMatchingKey) {
        const { kid = '(none)', alg } = decodeProtectedHeader(token);
        return `The token is signed with key ${kid} (${alg}), which is not among the keys of ${discoveryUrl} (read again at most every ${KEY_REFRESH_INTERVAL_MS / 1000} s).`;
      }
      if (error instanceof errors.JWSSignatureVerificationFailed) {
        return 'The token’s signature does not match its key. The token was changed or forged.';
      }
      return `Failed to parse token: ${error.message}.`;
    }
    const claims = readClaims(payload);
    if (claims === null) return 'Failed to parse token: its claims are not a JSON object.';
    const now = Math.floor(clock.realNow() / 1000);
    return explainClaimMismatch(claims, authorizer, { issuer: provider.issuer, now });
  };
}

function readClaims(payload: Uint8Array): JWTPayload | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
    const isObject = typeof claims === 'object' && claims !== null && !Array.isArray(claims);
    return isObject ? (claims as JWTPayload) : null;
  } catch {
    return null;
  }
}
