import * as z from 'zod';
import { fields, text } from './schemaText.ts';

const names = z.array(z.string().min(1)).min(1);
// The form of RFC 6749. Scopes go into a header, which other characters would break.
const scope = text(
  /^[\x21\x23-\x5B\x5D-\x7E]{1,255}$/,
  'up to 255 printable ASCII characters except space, " and \\',
);
const match = text(/^[A-Za-z0-9_.-]{1,255}$/, 'up to 255 letters, digits, _ . and -');

const customClaim = fields({
  inboundTokenClaimName: text(
    /^[A-Za-z0-9_.:-]{1,255}$/,
    'up to 255 letters, digits, _ . : and -',
  ).refine((name) => name !== 'client_id', 'is not a custom claim. Use allowedClients.'),
  inboundTokenClaimValueType: z.enum(['STRING', 'STRING_ARRAY']),
  authorizingClaimMatchValue: fields({
    claimMatchOperator: z.enum(['EQUALS', 'CONTAINS', 'CONTAINS_ANY']),
    claimMatchValue: z.union(
      [
        z.strictObject({ matchValueString: match }),
        z.strictObject({ matchValueStringList: z.array(match).min(1) }),
      ],
      'either matchValueString or matchValueStringList, with letters, digits, _ . and -',
    ),
  }),
});

const jwtAuthorizer = fields({
  discoveryUrl: text(
    /^https?:\/\/[^\s?#]+\/\.well-known\/(?:openid-configuration|oauth-authorization-server)(?:\/[^\s?#]+)?$/,
    'a URL with /.well-known/openid-configuration or /.well-known/oauth-authorization-server',
  ),
  allowedAudience: names.optional(),
  allowedClients: names.optional(),
  allowedScopes: z.array(scope).min(1).optional(),
  advertisedScopeMapping: z.record(scope, scope).optional(),
  customClaims: z.array(customClaim).min(1).optional(),
  // A deployment passes these on; the emulator does not read them.
  privateEndpoint: z.looseObject({}).optional(),
  privateEndpointOverrides: z.array(z.looseObject({})).max(5, 'at most 5 domains').optional(),
  allowedWorkloadConfiguration: z.looseObject({}).optional(),
}).refine(
  ({ allowedAudience, allowedClients, allowedScopes, customClaims }) =>
    allowedAudience ?? allowedClients ?? allowedScopes ?? customClaims,
  'accepts every token. Add allowedAudience, allowedClients, allowedScopes or customClaims.',
);

/** The authorizer of a runtime or a gateway. */
export const authorizerConfiguration = fields({ customJwtAuthorizer: jwtAuthorizer });

/** The fields of a runtime that decide who can call it. */
export const authorizerFields = z.object({
  authorizerType: z.enum(['AWS_IAM', 'CUSTOM_JWT']).default('AWS_IAM'),
  authorizerConfiguration: authorizerConfiguration.optional(),
});

type AuthorizerFields = z.output<typeof authorizerFields>;

/** Fields that exist only in AWS. */
const UNSUPPORTED = [
  'privateEndpoint',
  'privateEndpointOverrides',
  'allowedWorkloadConfiguration',
] as const;

type UnsupportedField = (typeof UNSUPPORTED)[number];

/** A JWT authorizer in the shape of the AWS API, whose capitals differ from the file's. */
export interface ProjectAuthorizer {
  readonly customJWTAuthorizer: Omit<z.output<typeof jwtAuthorizer>, UnsupportedField>;
}

/** Rejects a runtime whose two authorizer fields contradict each other, as the official CLI does. */
export const findAuthorizerConflict = z.superRefine<AuthorizerFields>((runtime, check) => {
  const { authorizerType, authorizerConfiguration } = runtime;
  if ((authorizerType === 'CUSTOM_JWT') === (authorizerConfiguration !== undefined)) return;
  const message = authorizerConfiguration
    ? 'has no effect with authorizerType AWS_IAM. Use authorizerType CUSTOM_JWT.'
    : 'The value is missing. Add a customJwtAuthorizer, which CUSTOM_JWT requires.';
  check.addIssue({ code: 'custom', message, path: ['authorizerConfiguration'] });
});

/** Returns null if callers sign their requests. */
export function readAuthorizer({
  authorizerConfiguration,
}: AuthorizerFields): ProjectAuthorizer | null {
  if (!authorizerConfiguration) return null;
  const {
    privateEndpoint: _endpoint,
    privateEndpointOverrides: _overrides,
    allowedWorkloadConfiguration: _workloads,
    ...supported
  } = authorizerConfiguration.customJwtAuthorizer;
  return { customJWTAuthorizer: supported };
}

/** Returns a warning for each setting that has no effect in the emulator or in AWS. */
export function authorizerWarnings({
  requestHeaderAllowlist,
  authorizerConfiguration,
}: AuthorizerFields & { readonly requestHeaderAllowlist: readonly string[] }): string[] {
  const jwt = authorizerConfiguration?.customJwtAuthorizer;
  const allowsBearer = requestHeaderAllowlist.some((name) => /^authorization$/i.test(name));
  return [
    ...(allowsBearer && !jwt
      ? ['Authorization in requestHeaderAllowlist has no effect without authorizerType CUSTOM_JWT.']
      : []),
    ...(jwt?.discoveryUrl.startsWith('http:')
      ? [`AWS requires https for the discoveryUrl ${jwt.discoveryUrl}.`]
      : []),
    ...UNSUPPORTED.filter((name) => jwt?.[name] !== undefined).map(
      (name) => `The emulator does not support ${name} of the authorizer.`,
    ),
  ];
}
