import { OptionError } from '../optionError.ts';
import { parsePolicy } from './document.ts';
import type { NamedPolicy } from './decision.ts';
import { PolicyError } from './policyError.ts';

/** A caller with its IAM identity, as the options describe it. */
export interface CallerSource {
  readonly identity: CallerIdentity;
  /** The ARN of a user or role. The default is a user or role named like the identity. */
  readonly arn?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Identity policies as parsed JSON, each with the name that messages use. */
  readonly policies: readonly { readonly name: string; readonly document: unknown }[];
}

/** A caller's access key, or the agent whose sessions call. */
export type CallerIdentity = { readonly accessKeyId: string } | { readonly agent: string };

/** A caller with parsed policies. */
export interface PolicyCaller {
  /** The ARN of the user or role, which policies match. */
  readonly principal: string;
  /** The ARN of the user or the assumed role session, which errors show. */
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly policies: readonly NamedPolicy[];
}

/** Parses callers and their policies. Throws an OptionError for an invalid one. */
export function readCallers(
  sources: readonly CallerSource[],
  account: string,
): ReadonlyMap<string, PolicyCaller> {
  const callers = new Map<string, PolicyCaller>();
  for (const source of sources) {
    const name = formatCaller(source.identity);
    if (callers.has(name)) throw new OptionError('callers', `${name} appears more than once`);
    callers.set(name, parseCaller(source, account));
  }
  return callers;
}

/** Formats an identity for messages. The text is unique for each identity. */
export function formatCaller(identity: CallerIdentity): string {
  return 'agent' in identity ? `agent ${identity.agent}` : `access key ${identity.accessKeyId}`;
}

function parseCaller(
  { identity, arn, tags = {}, policies }: CallerSource,
  account: string,
): PolicyCaller {
  const isAgent = 'agent' in identity;
  const name = isAgent ? identity.agent : identity.accessKeyId;
  const principal = arn ?? `arn:aws:iam::${account}:${isAgent ? 'role' : 'user'}/${name}`;
  const [, accountId, role] =
    /^arn:[^:]+:iam::(\d{12}):(?:role\/(?:.*\/)?([^/]+)|user\/.+)$/.exec(principal) ?? [];
  if (accountId === undefined) {
    throw new OptionError(
      'callers',
      `${formatCaller(identity)} has the invalid arn '${principal}'. Use the ARN of a user or role, such as arn:aws:iam::${account}:role/Name.`,
    );
  }
  return {
    principal,
    arn: role === undefined ? principal : `arn:aws:sts::${accountId}:assumed-role/${role}/${name}`,
    tags,
    policies: policies.map(({ name: policy, document }) => {
      try {
        return { name: policy, ...parsePolicy(document, 'identity') };
      } catch (error) {
        if (!(error instanceof PolicyError)) throw error;
        throw new OptionError(
          'callers',
          `${policy} of ${formatCaller(identity)}: ${error.message}`,
        );
      }
    }),
  };
}
