import * as z from 'zod';

const DISCOVERY = /^https?:\/\/.+\/\.well-known\/openid-configuration$/;
const names = z.array(z.string().min(1)).min(1);
// As RFC 6749 has them, and AWS: they go into a header, which nothing else may break.
const scope = z
  .string()
  .max(255)
  .regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, 'ASCII letters, digits and signs but space, " and \\');
const match = z.string().regex(/^[A-Za-z0-9_.-]{1,255}$/, 'letters, digits, _ . and -');

const customClaim = z.object({
  inboundTokenClaimName: z
    .string()
    .regex(/^[A-Za-z0-9_.:-]{1,255}$/, 'letters, digits, _ . : and -')
    .refine((name) => name !== 'client_id', 'client_id has a place of its own: allowedClients'),
  inboundTokenClaimValueType: z.enum(['STRING', 'STRING_ARRAY']),
  authorizingClaimMatchValue: z.object({
    claimMatchOperator: z.enum(['EQUALS', 'CONTAINS', 'CONTAINS_ANY']),
    claimMatchValue: z.union([
      z.strictObject({ matchValueString: match }),
      z.strictObject({ matchValueStringList: z.array(match).min(1) }),
    ]),
  }),
});

const jwtAuthorizer = z
  .looseObject({
    discoveryUrl: z
      .string()
      .regex(DISCOVERY, 'a URL that ends with /.well-known/openid-configuration'),
    allowedAudience: names.optional(),
    allowedClients: names.optional(),
    allowedScopes: z.array(scope).min(1).optional(),
    advertisedScopeMapping: z.record(scope, scope).optional(),
    customClaims: z.array(customClaim).min(1).optional(),
  })
  .refine(
    ({ allowedAudience, allowedClients, allowedScopes, customClaims }) =>
      allowedAudience ?? allowedClients ?? allowedScopes ?? customClaims,
    'one of allowedAudience, allowedClients, allowedScopes and customClaims is needed',
  );

/** What a runtime of agentcore.json says of its callers. */
export const authorizers = z.object({
  authorizerType: z.enum(['AWS_IAM', 'CUSTOM_JWT']).default('AWS_IAM'),
  authorizerConfiguration: z.object({ customJwtAuthorizer: jwtAuthorizer }).optional(),
});

type Declared = z.output<typeof authorizers>;

/** In AWS's own shape, whose capitals differ from the file's. */
export interface ProjectAuthorizer {
  readonly customJWTAuthorizer: z.output<typeof jwtAuthorizer>;
}

/** Finds the runtimes whose two fields contradict each other, as the official CLI does. */
export const findAuthorizerConflicts = z.superRefine<readonly Declared[]>((runtimes, check) => {
  for (const [index, { authorizerType, authorizerConfiguration }] of runtimes.entries()) {
    if ((authorizerType === 'CUSTOM_JWT') === (authorizerConfiguration !== undefined)) continue;
    const message = authorizerConfiguration
      ? 'it is only allowed when authorizerType is CUSTOM_JWT'
      : 'with customJwtAuthorizer in it, it is required when authorizerType is CUSTOM_JWT';
    check.addIssue({ code: 'custom', message, path: [index, 'authorizerConfiguration'] });
  }
});

/** By whose tokens a runtime is called; null where its callers sign. */
export function readAuthorizer({ authorizerConfiguration }: Declared): ProjectAuthorizer | null {
  if (!authorizerConfiguration) return null;
  return { customJWTAuthorizer: authorizerConfiguration.customJwtAuthorizer };
}

/** What of that is said in vain, here or in AWS. */
export function ignoredAuthorizerFields({
  requestHeaderAllowlist,
  authorizerConfiguration,
}: Declared & { readonly requestHeaderAllowlist: readonly string[] }): string[] {
  const jwt = authorizerConfiguration?.customJwtAuthorizer;
  const allowsBearer = requestHeaderAllowlist.some((name) => /^authorization$/i.test(name));
  const unread = ['privateEndpoint', 'privateEndpointOverrides', 'allowedWorkloadConfiguration'];
  return [
    ...(allowsBearer && !jwt
      ? ['Authorization in requestHeaderAllowlist has no effect without authorizerType CUSTOM_JWT']
      : []),
    ...(jwt?.discoveryUrl.startsWith('http:')
      ? [`the discoveryUrl ${jwt.discoveryUrl} is http, which AWS does not take`]
      : []),
    ...unread
      .filter((name) => jwt?.[name] !== undefined)
      .map((name) => `${name} of the authorizer is not emulated`),
  ];
}
