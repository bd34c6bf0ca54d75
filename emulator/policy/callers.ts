import { OptionError } from '../optionError.ts';
import { parsePolicy } from './document.ts';
import type { NamedPolicy } from './decision.ts';
import { PolicyError } from './policyError.ts';

/** Somebody who calls, with what IAM has of them. */
export interface CallerSource {
  /** Whoever signs by this key, or the sessions of the agent of this name. */
  readonly is: CallerIdentity;
  /** A user's or a role's; without one, of a user or a role of that name. */
  readonly arn?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Identity policies as they were read from JSON, with the names by which they are spoken of. */
  readonly policies: readonly { readonly name: string; readonly document: unknown }[];
}

/** By what a caller is known. */
export type CallerIdentity = { readonly accessKeyId: string } | { readonly agent: string };

/** A caller whose policies have been read. */
export interface PolicyCaller {
  /** Of the user or the role, which is what policies know. */
  readonly principal: string;
  /** Of whoever is that role now, which is what refusals say. */
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly policies: readonly NamedPolicy[];
}

/** Reads callers and their policies; what is wrong with them is a mistake in the options. */
export function readCallers(
  sources: readonly CallerSource[],
  account: string,
): ReadonlyMap<string, PolicyCaller> {
  const callers = new Map<string, PolicyCaller>();
  for (const source of sources) {
    const name = formatCaller(source.is);
    if (callers.has(name)) throw new OptionError(`callers: ${name} is described twice`);
    callers.set(name, callerOf(source, account));
  }
  return callers;
}

/** A caller's name as one text, which is also how it is spoken of. */
export function formatCaller(is: CallerIdentity): string {
  return 'agent' in is ? `the agent ${is.agent}` : `the access key ${is.accessKeyId}`;
}

function callerOf({ is, arn, tags = {}, policies }: CallerSource, account: string): PolicyCaller {
  const isAgent = 'agent' in is;
  const name = isAgent ? is.agent : is.accessKeyId;
  const principal = arn ?? `arn:aws:iam::${account}:${isAgent ? 'role' : 'user'}/${name}`;
  const [, of, role] =
    /^arn:[^:]+:iam::(\d{12}):(?:role\/(?:.*\/)?([^/]+)|user\/.+)$/.exec(principal) ?? [];
  if (of === undefined) {
    throw new OptionError(
      `callers: ${formatCaller(is)} has the arn '${principal}'; it is to be a user's or a role's, as arn:aws:iam::${account}:role/Name`,
    );
  }
  return {
    principal,
    arn: role === undefined ? principal : `arn:aws:sts::${of}:assumed-role/${role}/${name}`,
    tags,
    policies: policies.map(({ name: policy, document }) => {
      try {
        return { name: policy, ...parsePolicy(document, 'identity') };
      } catch (error) {
        if (!(error instanceof PolicyError)) throw error;
        throw new OptionError(`callers: ${policy} of ${formatCaller(is)}: ${error.message}`);
      }
    }),
  };
}
