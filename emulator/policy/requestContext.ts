import type { PolicyCaller } from './callers.ts';
import type { RequestContext } from './conditions.ts';

/** What a caller is about to do, as IAM policies see it. */
export interface AuthorizationRequest {
  /** Without the service's prefix. */
  readonly action: string;
  readonly resource: { readonly arn: string; readonly tags: Readonly<Record<string, string>> };
  /** The service's own condition keys, without the service's prefix. */
  readonly keys: Readonly<Record<string, string | undefined>>;
}

/** Where and when a request is made. */
export interface RequestEnvironment {
  readonly region: string;
  readonly account: string;
  readonly now: number;
}

/** The global condition keys that requests have here. */
export const GLOBAL_KEYS =
  /^aws:(?:PrincipalArn|PrincipalAccount|PrincipalType|username|PrincipalTag\/.+|ResourceAccount|ResourceTag\/.+|RequestedRegion|CurrentTime|EpochTime|SecureTransport)$/i;

/** Returns the values of condition keys and policy variables in a request. */
export function buildRequestContext(
  { principal, tags }: PolicyCaller,
  { resource, keys }: AuthorizationRequest,
  { region, account, now }: RequestEnvironment,
): RequestContext {
  const [, , , , of = '', name = ''] = principal.split(':');
  const isUser = name.startsWith('user/');
  const values = {
    'aws:PrincipalArn': principal,
    'aws:PrincipalAccount': of,
    'aws:PrincipalType': isUser ? 'User' : 'AssumedRole',
    'aws:username': isUser ? name.slice(name.lastIndexOf('/') + 1) : undefined,
    ...prefixed('aws:PrincipalTag/', tags),
    'aws:ResourceAccount': account,
    ...prefixed('aws:ResourceTag/', resource.tags),
    'aws:RequestedRegion': region,
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1_000)),
    // As in AWS, which SDKs call by TLS.
    'aws:SecureTransport': 'true',
    ...prefixed('bedrock-agentcore:', keys),
  };
  const byName = new Map(Object.entries(values).map(([key, value]) => [key.toLowerCase(), value]));
  return { get: (key) => byName.get(key.toLowerCase()) };
}

function prefixed(
  prefix: string,
  values: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]),
  );
}
