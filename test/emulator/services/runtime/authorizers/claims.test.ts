import type { CustomJWTAuthorizerConfiguration } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { explainClaimMismatch } from '../../../../../emulator/services/runtime/authorizers/claims.ts';

const ISSUER = 'https://provider.example';
const NOW = 1_800_000_000;
const GOOD = { iss: ISSUER, exp: NOW + 1 };

function explain(
  claims: Record<string, unknown>,
  authorizer: Partial<CustomJWTAuthorizerConfiguration> = {},
): string | null {
  const discoveryUrl = `${ISSUER}/.well-known/openid-configuration`;
  return explainClaimMismatch(
    { ...GOOD, ...claims },
    { discoveryUrl, ...authorizer },
    { issuer: ISSUER, now: NOW },
  );
}

function custom(
  type: 'STRING' | 'STRING_ARRAY',
  operator: 'EQUALS' | 'CONTAINS' | 'CONTAINS_ANY',
  required: string | string[],
): Partial<CustomJWTAuthorizerConfiguration> {
  const claimMatchValue = Array.isArray(required)
    ? { matchValueStringList: required }
    : { matchValueString: required };
  return {
    customClaims: [
      {
        inboundTokenClaimName: 'team',
        inboundTokenClaimValueType: type,
        authorizingClaimMatchValue: { claimMatchOperator: operator, claimMatchValue },
      },
    ],
  };
}

test.for([
  ['an unexpired token', {}, {}],
  ['one of the audiences', { aud: 'b' }, { allowedAudience: ['a', 'b'] }],
  ['one of its audiences', { aud: ['x', 'b'] }, { allowedAudience: ['b'] }],
  ['its client', { client_id: 'app' }, { allowedClients: ['app'] }],
  ['one of its scopes', { scope: 'read write' }, { allowedScopes: ['write'] }],
  ['a scope in Azure’s form', { scp: 'mcp.invoke' }, { allowedScopes: ['mcp.invoke'] }],
  ['scopes in Okta’s form', { scp: ['read', 'write'] }, { allowedScopes: ['write'] }],
  ['an equal claim', { team: 'blue' }, custom('STRING', 'EQUALS', 'blue')],
  ['a value in its list', { team: ['a', 'b'] }, custom('STRING_ARRAY', 'CONTAINS', 'b')],
  [
    'one of the required values',
    { team: ['a', 'b'] },
    custom('STRING_ARRAY', 'CONTAINS_ANY', ['x', 'b']),
  ],
  ['a provider whose clock is a little ahead', { nbf: NOW + 30 }, {}],
] as const)('a token is accepted: %s', ([, claims, authorizer]) => {
  expect(explain(claims, authorizer as Partial<CustomJWTAuthorizerConfiguration>)).toBeNull();
});

test.for([
  [
    { exp: NOW },
    {},
    /^The token expired at 2027-01-15T08:00:00\.000Z; it is now 2027-01-15T08:00:00/,
  ],
  [{ exp: undefined }, {}, /has no exp/],
  [{ exp: String(NOW + 9) }, {}, /has no exp/],
  [{ nbf: NOW + 61 }, {}, /not valid before 2027-01-15T08:01:01/],
  [{ exp: -1e300 }, {}, /^The token expired at -1e\+300 s after 1970; it is now 2027/],
  [{ nbf: 1e300 }, {}, /not valid before 1e\+300 s after 1970/],
  [{ nbf: String(NOW + 999) }, {}, /nbf is '1800000999', which is not a time/],
  [{ nbf: null }, {}, /nbf is null, which is not a time/],
  [{ iss: 'other' }, {}, /^Claim 'iss' value mismatch.*has 'other'; .* is 'https:\/\/provider/],
  [{ iss: undefined }, {}, /^Claim 'iss' value mismatch.*has none/],
  [
    { aud: 'x' },
    { allowedAudience: ['a', 'b'] },
    /^Claim 'aud' value mismatch with configuration\. The token has 'x'; the authorizer allows 'a' or 'b'\./,
  ],
  [{}, { allowedAudience: ['a'] }, /The token has none; the authorizer allows 'a'/],
  [{ client_id: 'b' }, { allowedClients: ['a'] }, /^Claim 'client_id' value mismatch.*has 'b'/],
  [
    { azp: 'a' },
    { allowedClients: ['a'] },
    /It has azp 'a', which AgentCore does not read\. Use allowedAudience/,
  ],
  [{ aud: 'a', client_id: 'b' }, { allowedAudience: ['a'], allowedClients: ['a'] }, /client_id/],
  [{ scope: 'readwrite' }, { allowedScopes: ['read', 'write'] }, /^Claim 'scope'.*'readwrite'/],
  [{ team: 'red' }, custom('STRING', 'EQUALS', 'blue'), /'team'.*has 'red'.*STRING EQUALS 'blue'/],
  [{ team: ['blue'] }, custom('STRING', 'EQUALS', 'blue'), /^Claim 'team' value mismatch/],
  [{ team: 'blue' }, custom('STRING_ARRAY', 'CONTAINS', 'blue'), /^Claim 'team' value mismatch/],
  [{}, custom('STRING_ARRAY', 'CONTAINS_ANY', ['a', 'b']), /has none.*CONTAINS_ANY 'a', 'b'/],
] as const)('the claims %j are rejected by %j: %s', ([claims, authorizer, reason]) => {
  const problem = explain(claims, authorizer as Partial<CustomJWTAuthorizerConfiguration>);
  expect(problem).toMatch(reason);
});
