import type { ActionName } from '../wire/operationTypes.ts';
import type { PolicyCaller } from './callers.ts';
import type { RequestContext } from './conditions.ts';

/** An action of a caller that needs authorization. */
export interface AuthorizationRequest {
  /** Without the service prefix. */
  readonly action: ActionName;
  readonly resource: { readonly arn: string; readonly tags: Readonly<Record<string, string>> };
  /** The service's own condition keys, without the service prefix. */
  readonly keys: Readonly<Record<string, string | undefined>>;
}

/** Region, account and time of a request. */
export interface RequestEnvironment {
  readonly region: string;
  readonly account: string;
  readonly now: number;
}

/** The global condition keys that the emulator supports. */
export const GLOBAL_KEYS =
  /^aws:(?:PrincipalArn|PrincipalAccount|PrincipalType|username|PrincipalTag\/.+|ResourceAccount|ResourceTag\/.+|RequestedRegion|CurrentTime|EpochTime|SecureTransport)$/i;

/** Returns the values of condition keys and policy variables in a request. */
export function buildRequestContext(
  { principal, tags }: PolicyCaller,
  { resource, keys }: AuthorizationRequest,
  { region, account, now }: RequestEnvironment,
): RequestContext {
  const [, , , , accountId = '', name = ''] = principal.split(':');
  const isUser = name.startsWith('user/');
  const values = {
    'aws:PrincipalArn': principal,
    'aws:PrincipalAccount': accountId,
    'aws:PrincipalType': isUser ? 'User' : 'AssumedRole',
    'aws:username': isUser ? name.slice(name.lastIndexOf('/') + 1) : undefined,
    ...withPrefix('aws:PrincipalTag/', tags),
    'aws:ResourceAccount': account,
    ...withPrefix('aws:ResourceTag/', resource.tags),
    'aws:RequestedRegion': region,
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1_000)),
    // SDKs call AWS with TLS.
    'aws:SecureTransport': 'true',
    ...withPrefix('bedrock-agentcore:', keys),
  };
  const byName = new Map(Object.entries(values).map(([key, value]) => [key.toLowerCase(), value]));
  return { get: (key) => byName.get(key.toLowerCase()) };
}

function withPrefix(
  prefix: string,
  values: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]),
  );
}
