import type {
  CustomClaimValidationType,
  CustomJWTAuthorizerConfiguration,
} from '@aws-sdk/client-bedrock-agentcore-control';
import type { JWTPayload } from 'jose';

/** Tolerance for a provider's clock that is ahead of ours. */
const SKEW_SECONDS = 60;

/** Context for checking a token's claims against an authorizer. */
export interface ClaimContext {
  /** The issuer in the provider's discovery document. */
  readonly issuer: string;
  /** Real time, in seconds since 1970. */
  readonly now: number;
}

/** Explains why an authorizer rejects a token's claims; null if it accepts them. All rules must hold. */
export function explainClaimMismatch(
  claims: JWTPayload,
  authorizer: CustomJWTAuthorizerConfiguration,
  context: ClaimContext,
): string | null {
  const { allowedAudience, allowedClients, allowedScopes, customClaims = [] } = authorizer;
  return (
    checkTimes(claims, context) ??
    checkIssuer(claims, context) ??
    checkAllowed('aud', toStrings(claims.aud), allowedAudience) ??
    // Azure, Auth0 and Okta use other claims for the client, which AgentCore does not read.
    checkAllowed(
      'client_id',
      toStrings(claims['client_id']),
      allowedClients,
      explainOtherClient(claims),
    ) ??
    checkAllowed('scope', readScopes(claims), allowedScopes) ??
    firstProblem(customClaims, (rule) => checkCustomClaim(claims, rule))
  );
}

function checkTimes({ exp, nbf }: JWTPayload, { now }: ClaimContext): string | null {
  if (typeof exp !== 'number') return 'The token has no exp claim.';
  if (exp <= now)
    return `The token expired at ${isoTime(exp)}; it is now ${isoTime(now)}. Get a new one.`;
  // Claims come from the provider and may have any type.
  if (nbf !== undefined && typeof nbf !== 'number') {
    return `The token's nbf is ${show(nbf)}, which is not a time.`;
  }
  if (nbf !== undefined && nbf > now + SKEW_SECONDS) {
    return `The token is not valid before ${isoTime(nbf)}; it is now ${isoTime(now)}.`;
  }
  return null;
}

function checkIssuer({ iss }: JWTPayload, { issuer }: ClaimContext): string | null {
  if (iss === issuer) return null;
  return `${mismatch('iss')} The token has ${show(iss)}; the provider at discoveryUrl is '${issuer}'.`;
}

function checkAllowed(
  claim: string,
  has: readonly string[],
  allowed: readonly string[] | undefined,
  hint = '',
): string | null {
  if (!allowed || has.some((value) => allowed.includes(value))) return null;
  const actual = has.length === 0 ? 'has none' : `has ${has.map(show).join(', ')}`;
  return `${mismatch(claim)} The token ${actual}; the authorizer allows ${allowed.map(show).join(' or ')}.${hint}`;
}

function checkCustomClaim(claims: JWTPayload, rule: CustomClaimValidationType): string | null {
  const { inboundTokenClaimName: name = '', inboundTokenClaimValueType: type } = rule;
  const { claimMatchOperator: operator, claimMatchValue } = rule.authorizingClaimMatchValue ?? {};
  const value = claims[name];
  const required = claimMatchValue?.matchValueStringList ?? [
    claimMatchValue?.matchValueString ?? '',
  ];
  const hasType = type === 'STRING_ARRAY' ? Array.isArray(value) : typeof value === 'string';
  // A string claim must equal the value; a list must contain it.
  if (hasType && toStrings(value).some((one) => required.includes(one))) return null;
  return `${mismatch(name)} The token has ${show(value)}; the authorizer requires ${type} ${operator} ${required.map(show).join(', ')}.`;
}

function explainOtherClient(claims: JWTPayload): string {
  const name = ['azp', 'appid', 'cid'].find((claim) => typeof claims[claim] === 'string');
  if (claims['client_id'] !== undefined || name === undefined) return '';
  return ` It has ${name} ${show(claims[name])}, which AgentCore does not read. Use allowedAudience, or have the provider add client_id.`;
}

function readScopes({ scope, scp }: JWTPayload): string[] {
  return [...toStrings(scope), ...toStrings(scp)].flatMap((text) =>
    text.split(' ').filter(Boolean),
  );
}

function toStrings(claim: unknown): string[] {
  const list: unknown[] = Array.isArray(claim) ? claim : [claim];
  return list.filter((value) => typeof value === 'string');
}

function firstProblem<T>(items: readonly T[], check: (item: T) => string | null): string | null {
  for (const item of items) {
    const problem = check(item);
    if (problem !== null) return problem;
  }
  return null;
}

// AWS's sentences, which developers search for.
const mismatch = (claim: string) => `Claim '${claim}' value mismatch with configuration.`;

function show(value: unknown): string {
  if (value === undefined) return 'none';
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}

function isoTime(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? `${seconds} s after 1970` : time.toISOString();
}
