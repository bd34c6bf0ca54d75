import type { Caller } from './callers.ts';
import type { Context } from './conditions.ts';

/** What somebody asks for, before it is known whether they may. */
export interface Wish {
  /** Without its service. */
  readonly action: string;
  readonly resource: { readonly arn: string; readonly tags: Readonly<Record<string, string>> };
  /** The service's own condition keys, by their names without its prefix. */
  readonly keys: Readonly<Record<string, string | undefined>>;
}

/** Where and when it is asked for. */
export interface Circumstances {
  readonly region: string;
  readonly account: string;
  readonly now: number;
}

/** The condition keys that are no service's own and that requests have here. */
export const GLOBAL_KEYS =
  /^aws:(?:PrincipalArn|PrincipalAccount|PrincipalType|username|PrincipalTag\/.+|ResourceAccount|ResourceTag\/.+|RequestedRegion|CurrentTime|EpochTime|SecureTransport)$/i;

/** What conditions and variables find in a request. */
export function contextOf(
  { principal, tags }: Caller,
  { resource, keys }: Wish,
  { region, account, now }: Circumstances,
): Context {
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
